/// The frame of a figure as HTML: its drawing as SVG, with a title and a caption below.
struct FigureFrame {
    let width: Double
    let height: Double
    let title: String
    let caption: String
    /// True for a drawing that is never larger than its own size.
    var hasOwnSize = true

    /// Returns the figure of the parts of its drawing.
    func html(_ parts: [String]) -> String {
        let c = FigureAxis.coordinate
        let style = hasOwnSize ? " style=\"max-width: \(c(width))px\"" : ""
        let label = hasOwnSize ? title : "\(title): \(caption)"
        return """
            <figure>
            <svg viewBox="0 0 \(c(width)) \(c(height))"\(style) role="img" \
            aria-label="\(label.htmlEscaped)" xmlns="http://www.w3.org/2000/svg">
            \(parts.joined(separator: "\n"))
            </svg>
            <figcaption><b>\(title.htmlEscaped)</b> \(caption.htmlEscaped)</figcaption>
            </figure>
            """
    }
}
