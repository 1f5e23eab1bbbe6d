import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetTestSupport
import Testing

/// Logs extracted in process.
@Suite final class LogExtractionTests {
    private static let set = FeatureSet(features: [
        Feature(name: "buys", kind: .count, events: EventPattern(names: ["buy"])),
        Feature(name: "week", kind: .count, window: .days(7)),
    ])
    private static let churn = Label(kind: .inactivity, events: .any, horizon: .days(5))

    private let folder: TemporaryFolder
    private let observer = RecordingObserver()
    private let source: LogSource

    init() throws {
        folder = try TemporaryFolder()
        source = LogSource([try folder.write(SmallLog.rows, as: "log.csv")], observer: observer)
    }

    private static func time(_ text: String) throws -> Timestamp {
        try #require(TimeParser().parse(text)).timestamp
    }

    /// The first message of what an extraction throws.
    private func refusal(of extraction: LogExtraction) async -> String {
        do {
            _ = try await extraction.run()
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test("rows hold the users that were seen by then, with their features and their labels")
    func rows() async throws {
        let times = [try Self.time("2025-01-05"), try Self.time("2025-01-10")]
        let extracted = try await LogExtraction(
            source, label: Self.churn, snapshots: SnapshotSettings(times: times), features: .set(Self.set),
            threads: 2
        ).run()
        let table = extracted.table
        #expect(extracted.snapshotTimes == times && extracted.log.count == 6)
        #expect(extracted.dataUntil == (try Self.time("2025-01-21")))
        #expect(table.users.map { table.userIDs[Int($0)] } == ["a", "a", "b", "b", "c", "c"])
        #expect(table.times == [times[0], times[1], times[0], times[1], times[0], times[1]])
        #expect(table.numbers == [[1, 1, 0, 0, 1, 1], [2, 1, 1, 0, 1, 1]])
        // Of all three, a alone comes back within five days of either time.
        #expect(table.labels == [true, false, true, true, true, true])
        #expect(observer.stages == ["reading", "extracting"] && observer.notes.isEmpty)
    }

    @Test("amounts with more decimals than the feature set has are told, whatever form the log has")
    func roundedAmounts() async throws {
        let sum = Feature(name: "paid", kind: .sum, property: "value")
        let columnar = folder.file("log.limpetlog")
        var writer = ColumnarLogWriter(path: columnar, memory: 1 << 30)
        try source.read(into: &writer)
        _ = try writer.finish()
        for file in [source.files[0], columnar] {
            for (decimals, isRounded) in [(0, true), (1, false), (2, false)] {
                let observer = RecordingObserver()
                let set = FeatureSet(decimals: ["value": decimals], features: [sum])
                let table = try await LogExtraction(
                    LogSource([file], observer: observer),
                    snapshots: SnapshotSettings(times: [try Self.time("2025-01-10")]), features: .set(set)
                ).run().table
                #expect(table.numbers[0] == [10, 0, isRounded ? 2 : 2.5])
                #expect(observer.notes.count == (isRounded ? 1 : 0))
                guard isRounded else { continue }
                #expect(
                    observer.notes[0]
                        == "warning: value: amounts such as \"2.50\" are rounded to 0 decimals; "
                        + "the feature set can ask for more with decimals: {value: 1}")
            }
        }
    }

    @Test("a series ends at the last midnight whose label is known, and has its step counted back from there")
    func series() async throws {
        let settings = SnapshotSettings(every: .days(3))
        let extracted = try await LogExtraction(
            source, label: Self.churn, snapshots: settings, features: .set(Self.set)
        ).run()
        // The log ends with 20 January, so that the last label of five days is that of the 16th. A quarter of
        // the time until then is left as a past.
        let expected = try ["2025-01-07", "2025-01-10", "2025-01-13", "2025-01-16"].map(Self.time)
        #expect(extracted.snapshotTimes == expected)
        let usual = try await LogExtraction(source, label: Self.churn, features: .set(Self.set)).run()
        #expect(usual.snapshotTimes == (try ["2025-01-09", "2025-01-16"].map(Self.time)))
        #expect(usual.table.labels.allSatisfy { $0 != nil })
    }

    @Test("a series that ends before it begins, or that does not advance, is the caller's mistake")
    func noSeries() async throws {
        let (early, late) = (try Self.time("2025-01-05"), try Self.time("2025-01-09"))
        let backwards = SnapshotSettings(first: late, last: early)
        #expect(
            await refusal(of: LogExtraction(source, snapshots: backwards, features: .set(Self.set)))
                == "--until \(early) is before --from \(late)")
        let still = SnapshotSettings(every: TimeSpan(milliseconds: 0))
        let extraction = LogExtraction(source, snapshots: still, features: .set(Self.set))
        await #expect(throws: RequestError.self) { try await extraction.run() }
    }

    @Test("a log that ends before the first label is known says so")
    func tooShort() async throws {
        let label = Label(kind: .inactivity, events: .any, horizon: .days(60))
        let error = await refusal(of: LogExtraction(source, label: label, features: .set(Self.set)))
        #expect(error.contains("the log ends") && error.contains("too early for a snapshot"))
    }

    @Test("events that never occur are refused in a label, and warned of in a condition")
    func unknownEvents() async throws {
        let times = SnapshotSettings(times: [try Self.time("2025-01-10")])
        let label = Label(kind: .event, events: EventPattern(names: ["bye"]), horizon: .days(5))
        let misspelt = LogExtraction(source, label: label, snapshots: times, features: .set(Self.set))
        let refused = await refusal(of: misspelt)
        #expect(
            refused.hasPrefix(
                "--target-event bye: no event of \(source.name) is called so; it has visit, buy"))
        // Nothing was extracted for it.
        #expect(observer.stages == ["reading"])
        let population = Population(hasNotDone: EventPattern(names: ["left"]))
        _ = try await LogExtraction(
            source, label: Self.churn, population: population, snapshots: times, features: .set(Self.set)
        ).run()
        #expect(
            observer.notes == ["warning: --has-not-done left: no event of \(source.name) is called so"])
    }

    @Test("a proposal has features of the events, but for the one that is predicted")
    func proposal() async throws {
        let rows = (0..<60).flatMap { user in
            ["visit", "buy", "leave"].map { "u\(user),2025-01-0\(1 + user % 5),\($0)" }
        }
        let path = try folder.write((["user,time,event"] + rows).joined(separator: "\n"), as: "many.csv")
        let log = LogSource([path], observer: observer)
        let label = Label(kind: .event, events: EventPattern(names: ["leave"]), horizon: .days(1))
        let population = Population(hasNotDone: EventPattern(names: ["leave"]))
        let times = SnapshotSettings(times: [try Self.time("2025-01-07")])
        let extracted = try await LogExtraction(
            log, label: label, population: population, snapshots: times,
            features: .proposal(systemEvents: ["tick"])
        ).run()
        let names = Set(extracted.plan.featureSet.features.flatMap(\.eventNames))
        #expect(names.contains("visit") && names.contains("buy") && !names.contains("leave"))
        #expect(extracted.plan.featureSet.systemEvents == ["tick"])
        // All have left by then.
        #expect(extracted.table.count == 0)
        #expect(observer.notes.first == "warning: --system-events tick: no event of \(path) is called so")
    }

    @Test("features of a file are warned of by its lines")
    func file() async throws {
        let yaml = "version: 1\nfeatures:\n  - {kind: count}\n  - {kind: count, events: [bought]}\n"
        let features = try FeatureSource.file(try folder.write(yaml, as: "features.yaml"))
        let times = SnapshotSettings(times: [try Self.time("2025-01-10")])
        let extracted = try await LogExtraction(source, snapshots: times, features: features).run()
        #expect(extracted.table.numbers == [[2, 1, 1], [0, 0, 0]])
        let note = try #require(observer.notes.first)
        #expect(observer.notes.count == 1 && note.contains("features.yaml:4"), "\(note)")
        #expect(note.contains("no event of \(source.name) is called bought"))
    }

    @Test("a set whose document or time zone is wrong is a mistake of the configuration")
    func configuration() async throws {
        let path = try folder.write("version: 1\nfeatures:\n  - {kind: coutn}\n", as: "features.yaml")
        #expect(throws: ConfigurationError.self) { try FeatureSource.file(path) }
        var elsewhere = Self.set
        elsewhere.timeZone = "Europe/Atlantis"
        let extraction = LogExtraction(source, features: .set(elsewhere))
        await #expect(throws: ConfigurationError.self) { try await extraction.run() }
        #expect(await refusal(of: extraction).contains("Europe/Atlantis is no time zone"))
    }

    @Test("what was known then needs a log that says when its rows arrived")
    func asKnown() async throws {
        let times = SnapshotSettings(times: [try Self.time("2025-01-10")])
        var extraction = LogExtraction(source, snapshots: times, features: .set(Self.set), asKnown: true)
        #expect(await refusal(of: extraction).contains("no event says when it came in"))
        let rows = """
            user,time,event,receivedAt
            a,2025-01-01,buy,2025-01-01
            a,2025-01-05,buy,2025-01-20

            """
        extraction.source = LogSource([try folder.write(rows, as: "late.csv")])
        #expect(try await extraction.run().table.numbers[0] == [1])
        extraction.asKnown = false
        #expect(try await extraction.run().table.numbers[0] == [2])
    }

    @Test("a table of features has a line for each snapshot, whether its set is given or proposed")
    func table() async throws {
        let times = SnapshotSettings(times: [try Self.time("2025-01-10"), try Self.time("2025-01-18")])
        var extraction = LogExtraction(
            source, label: Self.churn, snapshots: times, features: .set(Self.set))
        let written = try await extraction.write(to: folder.file("table.csv"))
        #expect(written == (6, 2))
        #expect(
            try folder.text(folder.file("table.csv")) == """
                user,time,label,buys,week
                a,2025-01-10T00:00:00Z,0,1.0,1.0
                a,2025-01-18T00:00:00Z,,1.0,1.0
                b,2025-01-10T00:00:00Z,1,0.0,0.0
                b,2025-01-18T00:00:00Z,,0.0,0.0
                c,2025-01-10T00:00:00Z,1,1.0,1.0
                c,2025-01-18T00:00:00Z,,1.0,0.0

                """)
        extraction.features = .proposal()
        let proposed = try await extraction.write(to: folder.file("proposed.csv"))
        let lines = try folder.text(folder.file("proposed.csv")).split(separator: "\n")
        #expect(proposed.rows == 6 && lines.count == 7)
        #expect(lines[0].split(separator: ",").count == 3 + proposed.features)
    }
}
