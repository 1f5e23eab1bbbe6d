/// A bar chart as SVG, with an axis from 0, labels below the given bars, and a caption.
public struct BarFigure {
    private let values: [Double]
    private let labels: [(place: Int, text: String)]
    private let marked: Set<Int>
    private let caption: String
    private let unit: String

    private static let (width, height) = (900.0, 240.0)
    private static let (left, right, top, bottom) = (70.0, 10.0, 12.0, 28.0)

    /// Makes a figure.
    ///
    /// - Parameters:
    ///   - values: the heights of the bars, 0 or more.
    ///   - labels: the labels of some bars, by index.
    ///   - marked: the bars in another colour.
    ///   - unit: the unit of the values.
    ///   - caption: the explanation of the figure.
    public init(
        values: [Double], labels: [(place: Int, text: String)], marked: Set<Int> = [], unit: String,
        caption: String
    ) {
        (self.values, self.labels, self.marked) = (values, labels, marked)
        (self.unit, self.caption) = (unit, caption)
    }

    /// The figure as HTML.
    public var html: String {
        let most = values.max() ?? 0
        let step = Self.step(most)
        let end = max(step, (most / step).rounded(.up) * step)
        let plot = Self.height - Self.top - Self.bottom
        let slot = (Self.width - Self.left - Self.right) / Double(max(1, values.count))
        func y(_ value: Double) -> Double { Self.top + plot * (1 - value / end) }
        func x(_ place: Int) -> Double { Self.left + slot * Double(place) }
        var parts: [String] = []
        for tick in stride(from: 0, through: end + step / 2, by: step) {
            let height = Self.text(y(tick))
            parts.append(
                "<line class=\"axis\" x1=\"\(Self.text(Self.left))\" "
                    + "x2=\"\(Self.text(Self.width - Self.right))\" y1=\"\(height)\" y2=\"\(height)\"/>"
                    + "<text x=\"\(Self.text(Self.left - 8))\" y=\"\(Self.text(y(tick) + 4))\" "
                    + "text-anchor=\"end\">\(Self.number(tick))</text>")
        }
        for (place, value) in values.enumerated() where value > 0 {
            let gap = slot > 4 ? 1.0 : 0
            parts.append(
                "<rect class=\"\(marked.contains(place) ? "mark" : "bar")\" x=\"\(Self.text(x(place)))\" "
                    + "width=\"\(Self.text(max(0.5, slot - gap)))\" y=\"\(Self.text(y(value)))\" "
                    + "height=\"\(Self.text(y(0) - y(value)))\"/>")
        }
        for (place, text) in labels {
            parts.append(
                "<text x=\"\(Self.text(x(place) + slot / 2))\" y=\"\(Self.text(Self.height - 8))\" "
                    + "text-anchor=\"middle\">\(text.htmlEscaped)</text>")
        }
        return """
            <figure>
            <svg viewBox="0 0 \(Self.text(Self.width)) \(Self.text(Self.height))" role="img" \
            aria-label="\(caption.htmlEscaped)" xmlns="http://www.w3.org/2000/svg">
            \(parts.joined(separator: "\n"))
            </svg>
            <figcaption>\(unit.htmlEscaped). \(caption.htmlEscaped)</figcaption>
            </figure>
            """
    }

    /// Returns the distance of ticks: 1, 2 or 5 times a power of ten, so that there are three to six ticks.
    static func step(_ most: Double) -> Double {
        guard most > 0 else { return 1 }
        var power = 1.0
        while power * 10 <= most / 3 { power *= 10 }
        while power > most / 3 { power /= 10 }
        return [5.0, 2, 1].first { $0 * power <= most / 3 }.map { $0 * power } ?? power
    }

    private static func text(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        return tenths.truncatingRemainder(dividingBy: 10) == 0
            ? String(Int(tenths / 10)) : String(tenths / 10)
    }

    private static func number(_ value: Double) -> String {
        guard value == value.rounded() else { return String((value * 1_000).rounded() / 1_000) }
        var digits = String(Int(value))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return digits
    }
}
