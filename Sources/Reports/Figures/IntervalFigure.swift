/// A figure of named values as SVG, each a mark with its interval, below one another.
public struct IntervalFigure {
    /// One named value.
    public struct Row {
        let name: String
        let value: Double
        let interval: ClosedRange<Double>?
        let note: String

        /// Makes a row.
        public init(_ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, note: String = "")
        {
            (self.name, self.value, self.interval, self.note) = (name, value, interval, note)
        }
    }

    private let rows: [Row]
    private let title: String
    private let caption: String
    /// The value of a line to compare with; nil for none.
    private let reference: Double?

    private static let (width, rowHeight) = (440.0, 22.0)
    private static let (left, right, top, bottom) = (150.0, 60.0, 8.0, 26.0)

    /// Makes a figure.
    public init(_ rows: [Row], title: String, caption: String, reference: Double? = 0) {
        (self.rows, self.title, self.caption, self.reference) = (rows, title, caption, reference)
    }

    /// The figure as HTML.
    public var html: String {
        let values = rows.flatMap { row in
            [row.value, row.interval?.lowerBound, row.interval?.upperBound].compactMap { $0 }
        }
        let x = FigureAxis(
            values + [reference].compactMap { $0 }, start: Self.left, end: Self.width - Self.right)
        let height = Self.top + Self.rowHeight * Double(rows.count) + Self.bottom
        let c = FigureAxis.coordinate
        var parts = x.ticks.map { tick in
            "<line class=\"axis\" x1=\"\(c(x.place(tick)))\" x2=\"\(c(x.place(tick)))\" "
                + "y1=\"\(c(Self.top))\" "
                + "y2=\"\(c(height - Self.bottom))\"/><text x=\"\(c(x.place(tick)))\" "
                + "y=\"\(c(height - 8))\" text-anchor=\"middle\">\(FigureAxis.text(tick))</text>"
        }
        if let reference {
            parts.append(
                "<line class=\"reference\" x1=\"\(c(x.place(reference)))\" x2=\"\(c(x.place(reference)))\" "
                    + "y1=\"\(c(Self.top))\" y2=\"\(c(height - Self.bottom))\"/>")
        }
        for (place, row) in rows.enumerated() {
            parts += drawn(row, Self.top + Self.rowHeight * (Double(place) + 0.5), x)
        }
        return FigureFrame(width: Self.width, height: height, title: title, caption: caption).html(parts)
    }

    private func drawn(_ row: Row, _ y: Double, _ x: FigureAxis) -> [String] {
        let c = FigureAxis.coordinate
        let name = row.name.count > 20 ? row.name.prefix(19) + "…" : row.name[...]
        var parts = [
            "<text x=\"\(c(Self.left - 8))\" y=\"\(c(y + 4))\" text-anchor=\"end\">"
                + "\(String(name).htmlEscaped)</text>",
            "<text x=\"\(c(Self.width - Self.right + 6))\" y=\"\(c(y + 4))\">\(row.note.htmlEscaped)</text>",
        ]
        if let interval = row.interval {
            parts.append(
                "<line class=\"whisker\" x1=\"\(c(x.place(interval.lowerBound)))\" "
                    + "x2=\"\(c(x.place(interval.upperBound)))\" y1=\"\(c(y))\" y2=\"\(c(y))\"/>")
        }
        parts.append("<circle class=\"bar\" r=\"4\" cx=\"\(c(x.place(row.value)))\" cy=\"\(c(y))\"/>")
        return parts
    }
}
