import Foundation
import LimpetTestSupport
import Testing

/// The pages of reports: one self-contained file each, with figures.
@Suite final class ReportPageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a command and returns the page that it writes.
    private func page(_ arguments: [String]) async throws -> String {
        let file = folder.file("page.html")
        let result = try await CommandLineTool.run(arguments + ["--html", file])
        try #require(result.isGood, "\(result.errors)")
        #expect(result.errors.contains("the page is \(file)"))
        let text = try folder.text(file)
        #expect(text.hasPrefix("<!DOCTYPE html>") && text.hasSuffix("</html>\n"))
        // Nothing is loaded: neither scripts nor images nor styles of others.
        #expect(!text.contains("<script") && !text.contains("src=") && !text.contains("href=\"http"))
        #expect(!text.contains("nan") && !text.contains("inf\""))
        for tag in ["svg", "figure", "section", "table", "pre"] {
            let opened = text.split(separator: "<\(tag)", omittingEmptySubsequences: false).count
            let closed = text.split(separator: "</\(tag)>", omittingEmptySubsequences: false).count
            #expect(opened == closed, "\(tag)")
        }
        return text
    }

    private func table() throws -> String {
        let rows = (0..<600).map { row in
            let (age, plan, seats) = (20 + row * 37 % 50, row % 3, row * 17 % 7)
            let leaves = (age > 45) != (seats > 3) && plan != 2 || row % 13 == 0
            return "\(age),<\(["free", "pro", "team"][plan])>,\(seats),\(leaves ? "yes" : "no")"
        }
        return try folder.write("age,plan,seats,left\n" + rows.joined(separator: "\n") + "\n", as: "t.csv")
    }

    @Test("training, evaluation, drift and explanations of a table have pages")
    func tablePages() async throws {
        let (table, model) = (try table(), folder.file("model.json"))
        let trained = try await page([
            "train", "--table", table, "--target", "left", "--folds", "3", "--bootstrap", "20", "--output",
            model,
        ])
        for title in ["Candidates", "Ranking", "Calibration and gain", "Terms", "Columns", "95 % interval"] {
            #expect(trained.contains(title), "\(title)")
        }
        #expect(trained.contains("age × seats") || trained.contains("seats × age"))
        #expect(trained.contains("&lt;free&gt;") && !trained.contains("<free>"))
        let evaluated = try await page(["evaluate", "--model", model, "--table", table])
        #expect(evaluated.contains("Calibration and gain") && evaluated.contains("<polyline"))
        let moved = try await page(["monitor", "--model", model, "--table", table])
        #expect(moved.contains("Population stability index"))
        let explained = try await page(["explain", "--model", model])
        #expect(explained.contains("class=\"density\""))
        let one = try await page(["explain", "--model", model, "--table", table, "--user", "7"])
        #expect(one.contains("The score of 7") && one.contains("Log-odds beside the average user"))
    }

    @Test("a backtest has a page with its metrics over time")
    func backtestPage() async throws {
        let text = try await page([
            "backtest", "--events", "training-data/events.csv.gz", "--features",
            "training-data/features.yaml",
            "--target-event", "cancelled", "--horizon", "28d", "--model", "logistic", "--l2", "10",
            "--first-origin", "2025-04-01", "--bootstrap", "10", "--half-life", "none",
        ])
        #expect(text.contains("Observed / expected") && text.contains("class=\"whisker\""))
    }
}
