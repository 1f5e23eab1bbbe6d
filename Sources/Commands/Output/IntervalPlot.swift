import LimpetDocuments

/// A plot of values with their intervals, one in a row, on a common axis.
struct IntervalPlot {
    /// A row of the plot.
    struct Row {
        var label: String
        var value: Double
        var lower: Double?
        var upper: Double?
    }

    let rows: [Row]
    /// A value that is marked by a line through all rows, such as 1 for a ratio.
    var reference: Double?

    private static let width = 48

    var text: String {
        let ends =
            rows.flatMap { [$0.value, $0.lower, $0.upper].compactMap { $0 } } + [reference].compactMap { $0 }
        guard let low = ends.filter(\.isFinite).min(), let high = ends.filter(\.isFinite).max() else {
            return ""
        }
        let labelWidth = rows.map(\.label.count).max() ?? 0
        let axis = Axis(low: low, high: high > low ? high : low + 1e-9, width: Self.width)
        let lowText = Format.fixed(low, 3)
        let highText = Format.fixed(high, 3).paddedLeft(to: Self.width - lowText.count)
        let lines = rows.map { "  " + $0.label.padded(to: labelWidth) + "  " + line($0, axis) }
        let scale = "  " + String(repeating: " ", count: labelWidth) + "  " + lowText + highText
        return (lines.map(\.trimmingTrailingSpaces) + [scale]).joined(separator: "\n")
    }

    private struct Axis {
        var low: Double
        var high: Double
        var width: Int

        func place(_ value: Double) -> Int {
            guard value.isFinite else { return value > 0 ? width - 1 : 0 }
            return Int(((value - low) / (high - low) * Double(width - 1)).rounded())
        }
    }

    private func line(_ row: Row, _ axis: Axis) -> String {
        var cells = [Character](repeating: " ", count: axis.width)
        if let reference { cells[axis.place(reference)] = "┊" }
        if let lower = row.lower, let upper = row.upper {
            let (from, to) = (axis.place(lower), axis.place(upper))
            for cell in min(from, to)...max(from, to) { cells[cell] = "─" }
            cells[from] = "├"
            cells[to] = "┤"
        }
        cells[axis.place(row.value)] = "●"
        return String(cells)
    }
}
