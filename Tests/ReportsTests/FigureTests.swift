import LimpetReports
import Testing

/// The figures of pages.
@Suite struct FigureTests {
    @Test("curves have a band where errors are known, and bars where the data lie")
    func curves() {
        var figure = CurveFigure(name: "a < b", caption: "x")
        figure.curves = [
            CurveFigure.Curve(points: [(0, -1), (10, 2)], errors: [0.5, 0.25]),
            CurveFigure.Curve(points: [(0, 0), (10, 0)], isReference: true),
        ]
        figure.density = [(0, 2, 0.5), (2, 10, 0.5)]
        let html = figure.html
        #expect(html.contains("a &lt; b") && !html.contains("a < b"))
        #expect(html.split(separator: "<polyline").count == 3 && html.contains("class=\"reference\""))
        #expect(html.split(separator: "<polygon").count == 2)
        #expect(html.split(separator: "class=\"density\"").count == 3)
    }

    @Test("intervals are drawn beside their values, and long names are cut")
    func intervals() {
        let html = IntervalFigure(
            [
                IntervalFigure.Row("short", 1, interval: 0.5...1.5, note: "9 %"),
                IntervalFigure.Row("a name of more than twenty-two characters", -1),
            ], title: "t", caption: "c"
        ).html
        #expect(html.split(separator: "class=\"whisker\"").count == 2)
        #expect(html.contains("a name of more than…") && html.contains("9 %"))
    }

    @Test("maps have a cell for each pair, with its number to be read")
    func maps() {
        let html = MapFigure(
            rows: ["r1", "r2"], columns: ["c1"], cells: [[0.5], [-1]], title: "t", caption: "c"
        ).html
        #expect(html.contains("r1 × c1: 0.5") && html.contains("r2 × c1: -1"))
        #expect(html.contains("class=\"mark\"") && html.contains("fill-opacity=\"0.5\""))
    }

    @Test("figures of one value, or of none, are drawn all the same")
    func degenerate() {
        var figure = CurveFigure(name: "x", caption: "")
        figure.curves = [CurveFigure.Curve(points: [(3, 0)])]
        #expect(figure.html.contains("<polyline") && !figure.html.contains("nan"))
        #expect(!CurveFigure(name: "x", caption: "").html.contains("nan"))
        #expect(!IntervalFigure([], title: "", caption: "").html.contains("nan"))
        #expect(!MapFigure(rows: [], columns: [], cells: [], title: "", caption: "").html.contains("nan"))
    }
}
