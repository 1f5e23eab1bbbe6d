/// One axis of a figure: a range of values, and where they lie in the drawing.
struct FigureAxis {
    let range: ClosedRange<Double>
    /// The place of the least value in the drawing, and of the greatest.
    let start: Double
    let end: Double

    /// Makes an axis of the given values, a little wider than they are; finite values alone count.
    init(_ values: [Double], start: Double, end: Double, margin: Double = 0.04) {
        let finite = values.filter(\.isFinite)
        let (least, greatest) = (finite.min() ?? 0, finite.max() ?? 1)
        let space = greatest > least ? margin * (greatest - least) : max(1e-9, abs(least) * 0.1)
        range = (least - space)...(greatest + space)
        (self.start, self.end) = (start, end)
    }

    /// Returns where a value lies; values outside the range lie at its ends.
    func place(_ value: Double) -> Double {
        let inside = min(max(value, range.lowerBound), range.upperBound)
        return start + (end - start) * (inside - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// The values of three to six ticks.
    var ticks: [Double] {
        let step = BarFigure.step(range.upperBound - range.lowerBound)
        let first = (range.lowerBound / step).rounded(.up) * step
        return stride(from: first, through: range.upperBound, by: step).map { abs($0) < step / 1e6 ? 0 : $0 }
    }

    /// Returns the text of a tick, in a few digits.
    static func text(_ value: Double) -> String {
        let size = abs(value)
        if size >= 1e6 { return "\(text(value / 1e6))M" }
        if size >= 1e4 { return "\(text(value / 1e3))k" }
        let scale = size >= 100 ? 1.0 : size >= 1 ? 100.0 : 10_000.0
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    /// Returns a coordinate in tenths of a pixel.
    static func coordinate(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }
}
