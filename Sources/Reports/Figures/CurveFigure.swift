/// A figure of curves over numbers as SVG, with a band of uncertainty and the density of the data below.
///
///     var figure = CurveFigure(name: "age", caption: "…")
///     figure.curves = [CurveFigure.Curve(points: [(20, -0.1), (60, 0.4)])]
///     page.add("Terms", figure.html)
public struct CurveFigure {
    /// One curve.
    public struct Curve {
        /// The points, from left to right.
        public var points: [(x: Double, y: Double)]
        /// The half widths of the interval at each point; empty for none.
        public var errors: [Double]
        /// True to draw the curve as one to compare with.
        public var isReference: Bool
        /// True to mark each point.
        public var hasMarks: Bool

        /// Makes a curve.
        public init(
            points: [(x: Double, y: Double)], errors: [Double] = [], isReference: Bool = false,
            hasMarks: Bool = false
        ) {
            (self.points, self.errors) = (points, errors)
            (self.isReference, self.hasMarks) = (isReference, hasMarks)
        }
    }

    /// The curves, the last one on top.
    public var curves: [Curve] = []
    /// The shares of the data between two numbers each; empty where they are not shown.
    public var density: [(from: Double, to: Double, share: Double)] = []
    private let name: String
    private let caption: String

    private static let (width, height) = (440.0, 250.0)
    private static let (left, right, top, bottom) = (52.0, 10.0, 10.0, 40.0)
    /// The height of the density.
    private static let densityHeight = 34.0

    /// Makes a figure without curves.
    ///
    /// - Parameters:
    ///   - name: the quantity on the horizontal axis.
    ///   - caption: the explanation of the figure.
    public init(name: String, caption: String) { (self.name, self.caption) = (name, caption) }

    /// The figure as HTML.
    public var html: String {
        let points = curves.flatMap(\.points)
        let x = FigureAxis(
            points.map(\.x) + density.flatMap { [$0.from, $0.to] }, start: Self.left,
            end: Self.width - Self.right, margin: 0.01)
        let low = curves.flatMap { curve in
            curve.points.enumerated().flatMap { place, point in
                let error = place < curve.errors.count ? curve.errors[place] : 0
                return [point.y - error, point.y + error]
            }
        }
        let space = density.isEmpty ? 0 : Self.densityHeight
        let y = FigureAxis(low, start: Self.height - Self.bottom - space, end: Self.top)
        var parts = axes(x, y)
        parts += densityBars(x)
        for curve in curves { parts += drawn(curve, x, y) }
        return FigureFrame(
            width: Self.width, height: Self.height, title: name, caption: caption, hasOwnSize: false
        ).html(parts)
    }

    private func axes(_ x: FigureAxis, _ y: FigureAxis) -> [String] {
        let c = FigureAxis.coordinate
        let horizontal = y.ticks.map { tick in
            "<line class=\"axis\" x1=\"\(c(x.start))\" x2=\"\(c(x.end))\" y1=\"\(c(y.place(tick)))\" "
                + "y2=\"\(c(y.place(tick)))\"/><text x=\"\(c(x.start - 6))\" y=\"\(c(y.place(tick) + 4))\" "
                + "text-anchor=\"end\">\(FigureAxis.text(tick))</text>"
        }
        let vertical = x.ticks.map { tick in
            "<text x=\"\(c(x.place(tick)))\" y=\"\(c(Self.height - Self.bottom + 18))\" "
                + "text-anchor=\"middle\">\(FigureAxis.text(tick))</text>"
        }
        return horizontal + vertical
    }

    private func densityBars(_ x: FigureAxis) -> [String] {
        // Bars are as high as the data are dense there, so that their areas are the shares.
        let heights = density.map { $0.share / max(1e-12, x.place($0.to) - x.place($0.from)) }
        let most = max(1e-12, heights.max() ?? 0)
        let c = FigureAxis.coordinate
        let floor = Self.height - Self.bottom
        return zip(density, heights).map { bar, height in
            let size = (Self.densityHeight - 6) * height / most
            return "<rect class=\"density\" x=\"\(c(x.place(bar.from)))\" y=\"\(c(floor - size))\" "
                + "width=\"\(c(max(0.3, x.place(bar.to) - x.place(bar.from))))\" height=\"\(c(size))\"/>"
        }
    }

    private func drawn(_ curve: Curve, _ x: FigureAxis, _ y: FigureAxis) -> [String] {
        func place(_ point: (x: Double, y: Double), _ shift: Double = 0) -> String {
            FigureAxis.coordinate(x.place(point.x)) + "," + FigureAxis.coordinate(y.place(point.y + shift))
        }
        var parts: [String] = []
        if curve.errors.count == curve.points.count, !curve.errors.isEmpty {
            let upper = zip(curve.points, curve.errors).map { place($0, $1) }
            let lower = zip(curve.points, curve.errors).map { place($0, -$1) }.reversed()
            parts.append("<polygon class=\"band\" points=\"\((upper + lower).joined(separator: " "))\"/>")
        }
        let line = curve.points.map { place($0) }.joined(separator: " ")
        parts.append("<polyline class=\"\(curve.isReference ? "reference" : "curve")\" points=\"\(line)\"/>")
        if curve.hasMarks {
            parts += curve.points.map { point in
                "<circle class=\"bar\" r=\"3.5\" cx=\"\(FigureAxis.coordinate(x.place(point.x)))\" "
                    + "cy=\"\(FigureAxis.coordinate(y.place(point.y)))\"/>"
            }
        }
        return parts
    }
}
