/// A figure of a table of numbers as SVG: one colour above 0, another below, the deeper the larger.
public struct MapFigure {
    private let rows: [String]
    private let columns: [String]
    private let cells: [[Double]]
    private let title: String
    private let caption: String

    private static let cell = 34.0
    /// The width of a letter, at the size of the style.
    private static let letter = 6.6

    /// Makes a figure.
    ///
    /// - Parameters:
    ///   - rows: the names of the rows.
    ///   - columns: the names of the columns.
    ///   - cells: the numbers, `[rows][columns]`.
    public init(rows: [String], columns: [String], cells: [[Double]], title: String, caption: String) {
        (self.rows, self.columns, self.cells) = (rows, columns, cells)
        (self.title, self.caption) = (title, caption)
    }

    /// The figure as HTML.
    public var html: String {
        let c = FigureAxis.coordinate
        let most = max(1e-12, cells.joined().map(\.magnitude).max() ?? 0)
        // Names of columns are turned by 50°, so that they reach beyond the last column.
        let name = columns.map { Self.width($0) }.max() ?? 0
        let left = 12 + max(30, rows.map { Self.width($0) }.max() ?? 0)
        let top = 16 + 0.77 * name
        let width = left + Self.cell * Double(columns.count) + 10 + 0.65 * name
        let height = top + Self.cell * Double(rows.count) + 6
        var parts: [String] = []
        for (place, name) in rows.enumerated() {
            let y = top + Self.cell * (Double(place) + 0.5) + 4
            parts.append(
                "<text x=\"\(c(left - 6))\" y=\"\(c(y))\" "
                    + "text-anchor=\"end\">\(Self.short(name))</text>")
        }
        for (place, name) in columns.enumerated() {
            let x = left + Self.cell * (Double(place) + 0.6)
            parts.append(
                "<text x=\"\(c(x))\" y=\"\(c(top - 6))\" "
                    + "transform=\"rotate(-50 \(c(x)) \(c(top - 6)))\">\(Self.short(name))</text>")
        }
        for (row, values) in cells.enumerated() {
            for (column, value) in values.enumerated() {
                let (x, y) = (left + Self.cell * Double(column), top + Self.cell * Double(row))
                parts.append(
                    "<rect class=\"\(value > 0 ? "mark" : "bar")\" x=\"\(c(x))\" y=\"\(c(y))\" "
                        + "width=\"\(c(Self.cell - 1))\" height=\"\(c(Self.cell - 1))\" "
                        + "fill-opacity=\"\(FigureAxis.text(value.magnitude / most))\">"
                        + "<title>\(rows[row].htmlEscaped) × \(columns[column].htmlEscaped): "
                        + "\(FigureAxis.text(value))</title></rect>")
            }
        }
        return FigureFrame(width: width, height: height, title: title, caption: caption).html(parts)
    }

    private static func width(_ name: String) -> Double { Double(min(14, name.count)) * letter }

    private static func short(_ name: String) -> String {
        (name.count > 14 ? name.prefix(13) + "…" : name).htmlEscaped
    }
}
