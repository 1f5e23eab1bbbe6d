import LimpetDocuments
import LimpetEvaluation
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import Testing

/// Evaluation by segments.
@Suite final class SegmentationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func report(by segments: [String], bootstrap: Bootstrap? = nil) async throws -> SlicedReport {
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        let steps = Term.Steps(edges: [2], values: [-1, 1])
        let model = try ModelFile.decode(
            ModelFile.encode(
                Model(
                    kind: .stumps, source: .table(target: "left", positive: "yes"),
                    inputs: [Model.Input(name: "visits", isCategorical: false)], intercept: 0,
                    terms: [Term(input: 0, shape: .steps(steps), missing: 0)], calibrator: .none,
                    training: TrainingSummary(
                        rows: 0, users: 0, positives: 0, inputs: [empty], logOdds: empty),
                    evaluation: .null, provenance: .null)
            ).bytes)
        let lines = (0..<400).map { row -> String in
            let (isHigh, plan) = (row % 2 == 0, row % 4 < 2 ? "basic" : row % 40 == 3 ? "" : "plus")
            // The score tells who leaves among those of one plan only.
            let left = plan == "basic" ? isHigh != (row % 10 == 0) : row % 8 < 4
            return "\(isHigh ? 5 : 1),\(left ? "yes" : "no"),\(plan),\(row),\(row % 13),\(row % 3)"
        }
        let path = try folder.write(
            (["visits,left,plan,row,code,few"] + lines).joined(separator: "\n") + "\n", as: "t.csv")
        var evaluation = ModelEvaluation(model, bootstrap: bootstrap, threads: 2)
        evaluation.segments = segments
        return try await evaluation.run(TableSource(path))
    }

    @Test("levels, quarters of numbers and few numbers are segments with their own metrics")
    func segments() async throws {
        let by = try await report(by: ["plan", "row", "few"], bootstrap: Bootstrap(replicates: 50))
            .segmentations
        #expect(by.map(\.name) == ["plan", "row", "few"])
        let plans = by[0].segments
        #expect(plans.map(\.name) == ["basic", "plus", "missing"])
        #expect(plans.map(\.report.rows) == [200, 190, 10])
        #expect(try #require(plans[0].report.auc) > 0.9)
        #expect(abs(try #require(plans[1].report.auc) - 0.5) < 0.05)
        let interval = try #require(plans[0].report.intervals?[.auc])
        #expect(interval.contains(try #require(plans[0].report.auc)) && interval.lower > 0.85)
        #expect(by[1].segments.map(\.name) == ["under 100", "100 to 200", "200 to 300", "300 and more"])
        #expect(by[1].segments.map(\.report.rows) == [100, 100, 100, 100])
        #expect(by[2].segments.map(\.name) == ["0", "1", "2"])
        for segmentation in by {
            #expect(segmentation.segments.map(\.report.rows).reduce(0, +) == 400)
        }
    }

    @Test("an input is read once, and a column that does not exist is refused")
    func columns() async throws {
        let report = try await report(by: ["visits"])
        #expect(report.segmentations[0].segments.map(\.name) == ["1", "5"])
        #expect(report.document["segments"]?.array?.count == 1)
        await #expect(throws: (any Error).self) { _ = try await self.report(by: ["nothing"]) }
    }
}
