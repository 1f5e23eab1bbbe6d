import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Backtests in process, from a log to the file of predictions.
@Suite final class ModelBacktestTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    /// A backtest on a log of 100 users, each of whom comes every week until one of 24 weeks.
    private func backtest() async throws -> ModelBacktest {
        let start = try #require(TimeParser().parse("2025-01-01")).timestamp
        let rows = (0..<100).flatMap { user in
            (0..<(2 + user % 24)).map { "u\(user),\(start + .days(Int64(7 * $0 + user % 7))),visit" }
        }
        let log = try folder.write("user,time,event\n" + rows.joined(separator: "\n") + "\n", as: "log.csv")
        let extraction = LogExtraction(
            LogSource([log]), label: Label(kind: .inactivity, events: .any, horizon: .days(14)),
            population: Population(activeWithin: .days(14)),
            snapshots: SnapshotSettings(every: .days(7)),
            features: .set(
                FeatureSet(features: [Feature(kind: .count, window: .days(14)), Feature(kind: .recency)])))
        var settings = TrainingSettings(kind: .logistic)
        settings.folds = 2
        return ModelBacktest(
            try await TrainingInput.read(extraction), settings: settings, observer: observer)
    }

    @Test("each period has a model of its own, and all predictions are written")
    func periods() async throws {
        var backtest = try await backtest()
        backtest.predictions = folder.file("predictions.csv")
        let months = try await backtest.run()
        #expect(months.isWhole && months.origins.count > 1 && observer.stages == ["backtest"])
        let lines = try String(contentsOfFile: folder.file("predictions.csv"), encoding: .utf8)
            .split(separator: "\n")
        #expect(lines[0] == "id,time,origin,label,probability,log_odds")
        #expect(lines.count == months.predictions.count + 1)
        // From the first origin on, in periods of a week.
        let first = try #require(months.origins.last).period.origin
        backtest.period = .length(.days(7))
        backtest.firstOrigin = first
        let weeks = try await backtest.run()
        #expect(weeks.origins.first?.period.origin == first)
        #expect(weeks.origins.allSatisfy { $0.period.origin >= first })
        // The same as the backtest by itself.
        let plain = try await Backtest(backtest.settings).run(
            backtest.input.data, periods: BacktestPeriod.months(backtest.input.data.times ?? [], zone: .utc))
        #expect(plain.pooled == months.pooled)
    }

    @Test("too little data is named by file")
    func tooLittle() async throws {
        var backtest = try await backtest()
        backtest.firstOrigin = try #require(TimeParser().parse("2026-01-01")).timestamp
        let late = backtest
        let file = late.input.file
        await #expect { try await late.run() } throws: { ($0 as? InputError)?.place.file == file }
    }
}
