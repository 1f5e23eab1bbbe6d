import LimpetEvaluation
import LimpetEvents
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// A split in time of a table's rows.
@Suite final class TableSplitTests {
    private let folder: TemporaryFolder
    private var files = 0

    init() throws { folder = try TemporaryFolder() }

    private func source(_ split: TableSplit, missing: Bool = false) throws -> TableSource {
        // The sign of the effect turns at day 70 of 100, so that only the split tells.
        var uniforms = Uniforms(seed: 5)
        files += 1
        var lines = ["seen,x,joined,left"]
        for row in 0..<600 {
            let day = row % 100
            let x = uniforms.normal()
            let left = uniforms.next() < ((x > 0) == (day < 70) ? 0.8 : 0.2)
            let date = (Timestamp(milliseconds: 1_735_689_600_000) + .days(Int64(day))).description.prefix(10)
            lines.append(
                "\(missing && row == 7 ? "" : String(date)),\(x),2024-0\(1 + row % 9)-01,\(left ? 1 : 0)")
        }
        var source = TableSource(try folder.write(lines.joined(separator: "\n") + "\n", as: "t\(files).csv"))
        (source.target, source.positive, source.split) = ("left", "1", split)
        return source
    }

    private func time(_ text: String) throws -> Timestamp {
        try #require(TimeParser().parse(text)).timestamp
    }

    @Test("a model of earlier rows is judged on later ones, and the column is no input")
    func judges() async throws {
        let border = try time("2025-03-12")
        let input = try await TrainingInput.read(try source(TableSplit(column: "seen", time: border)))
        #expect(input.data.inputs.map(\.name) == ["x", "joined"])
        #expect(input.data.splitTime == border)
        // Dates count as days before the split.
        let joined = try #require(input.data.inputs.last?.notation)
        guard case .date(_, let reference) = joined else {
            Issue.record("joined is no date")
            return
        }
        #expect(reference == border)
        var settings = TrainingSettings(kind: .stumps)
        settings.stumps.maximumRounds = 50
        let result = try await ModelTrainer(settings).train(input.data, source: input.source)
        let estimate = try #require(result.estimate)
        #expect(estimate.method == .forwardInTime && estimate.predictions.count == 180)
        #expect(estimate.predictions.allSatisfy { $0.row % 100 >= 70 })
        #expect(try #require(estimate.pooled.auc) < 0.35)
    }

    @Test("without a time the last quarter of the rows is judged")
    func lastQuarter() async throws {
        let input = try await TrainingInput.read(try source(TableSplit(column: "seen")))
        #expect(input.data.splitTime == (try time("2025-03-17")))
    }

    @Test("a column without dates, a row without one, and a side without both labels are refused")
    func refusals() async throws {
        let sources = [
            try source(TableSplit(column: "x")), try source(TableSplit(column: "none")),
            try source(TableSplit(column: "seen"), missing: true),
            try source(TableSplit(column: "seen", time: try time("2030-01-01"))),
        ]
        for source in sources {
            await #expect(throws: InputError.self) { _ = try await TrainingInput.read(source) }
        }
    }
}
