import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetTestSupport
import Testing

/// Attributes of users from files of their own.
@Suite final class AttributesTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private func source(_ attributes: String..., columnar: Bool = false) throws -> LogSource {
        var source = LogSource([try folder.write(SmallLog.rows, as: "log.csv")], observer: observer)
        if columnar {
            var writer = ColumnarLogWriter(path: folder.file("log.limpetlog"), memory: 1 << 30)
            try source.read(into: &writer)
            _ = try writer.finish()
            source.files = [folder.file("log.limpetlog")]
        }
        source.attributes = try attributes.enumerated().map { place, text in
            try folder.write(text, as: "attributes-\(place).csv")
        }
        return source
    }

    private static func days(_ log: EventLog, _ user: String) throws -> [String] {
        let user = try #require(log.index(ofUser: user))
        return log.rows(ofUser: user).map { row in
            let time = Timestamp(milliseconds: log.times[row]).description.prefix(10)
            let texts = log.texts.sortedByKey.compactMap { name, column in
                column.codes[row] == 0 ? nil : "\(name)=\(column.dictionary[Int(column.codes[row])])"
            }
            return ([String(time), log.eventNames[Int(log.events[row])]] + texts).joined(separator: " ")
        }
    }

    @Test("static attributes count from the first event on, dated ones from their time on")
    func rows() throws {
        let source = try source(
            "customer_id,region,age\na,north,41\nc,south,\nz,north,20\n",
            "user;valid_from;plan\na;2025-01-02;basic\na;2025-01-03;plus\nb;2024-12-01;basic\n"
                + "c;2024-11-01;plus\n")
        let log = try source.read()
        #expect(
            try Self.days(log, "a") == [
                "2025-01-01 visit", "2025-01-01 $attributes age=41 region=north",
                "2025-01-02 $attributes plan=basic", "2025-01-03 buy value=10",
                "2025-01-03 $attributes plan=plus", "2025-01-12 visit",
            ])
        #expect(try Self.days(log, "b") == ["2024-12-01 $attributes plan=basic", "2025-01-02 visit"])
        // A dated row before the first event comes before what counts from there.
        #expect(
            try Self.days(log, "c") == [
                "2024-11-01 $attributes plan=plus", "2025-01-04 buy value=2.50",
                "2025-01-04 $attributes region=south", "2025-01-20 visit",
            ])
        #expect(log.users == ["a", "b", "c"])
        #expect(observer.notes.contains { $0.contains("1 of 4 users are left out, who have no event") })
    }

    @Test("a feature sees the attribute that held at its time, whatever form the log has")
    func features() async throws {
        let set = FeatureSet(
            systemEvents: [Event.attributesName],
            features: [
                Feature(name: "n", kind: .count),
                Feature(
                    name: "age", kind: .latest, events: EventPattern(names: [Event.attributesName]),
                    property: "age"),
                Feature(
                    name: "plan", kind: .lastCategory, events: EventPattern(names: [Event.attributesName]),
                    property: "plan"),
            ])
        for columnar in [false, true] {
            let source = try source(
                "customer_id,age\na,41\nb,30\n", "user,updated_at,plan\na,2025-01-04,plus\n",
                columnar: columnar)
            let times = ["2025-01-03", "2025-01-05"].compactMap { TimeParser().parse($0)?.timestamp }
            let table = try await LogExtraction(
                source, label: Label(kind: .inactivity, events: .any, horizon: .days(5)),
                snapshots: SnapshotSettings(times: times), features: .set(set), threads: 2
            ).run().table
            #expect(table.users.map { table.userIDs[Int($0)] } == ["a", "a", "b", "b", "c"])
            // Attributes are no events that a user causes.
            #expect(table.numbers[0] == [1, 2, 1, 1, 1])
            #expect(table.numbers[1].prefix(4) == [41, 41, 30, 30] && table.numbers[1][4].isNaN)
            #expect(table.keys[2].map { $0 == 0 } == [true, false, true, true, true])
        }
    }

    @Test("attributes are proposed as what they are, and are no activity")
    func proposal() throws {
        let users = (0..<60).map { "u\($0)" }
        let log = users.enumerated().map { "\($1),2025-01-0\(1 + $0 % 9),visit\n" }.joined()
        let attributes = users.enumerated().map { "\($1),\(20 + $0),r\($0 % 3)\n" }.joined()
        var source = LogSource([try folder.write("user,time,event\n" + log, as: "log.csv")])
        source.attributes = [try folder.write("user,income,region\n" + attributes, as: "a.csv")]
        let read = try source.read()
        let end = try #require(TimeParser().parse("2025-02-01")).timestamp
        let set = FeatureProposal().propose(for: read, before: end)
        #expect(set.systemEvents == ["$attributes"])
        let own = set.features.filter { $0.events.names == ["$attributes"] }
        #expect(own.map(\.name).sorted() == ["income", "region"])
        #expect(own.map(\.kind) == [.latest, .lastCategory])
        let silence = SilenceProfile(read, events: .any, systemEvents: [], until: end)
        let plain = SilenceProfile(
            try LogSource(source.files).read(), events: .any, systemEvents: [], until: end)
        #expect(silence.rows == plain.rows)
    }

    @Test("what is no table of attributes is refused")
    func refusals() throws {
        let messages = #"{"type":"identify","userId":"a"}"# + "\n"
        let log = try source(columnar: true).files[0]
        var columnar = try source()
        columnar.attributes = [log]
        for source in [try source("age\n4\n"), try source(messages), try source("user,age\n"), columnar] {
            #expect(throws: InputError.self) { try source.read() }
        }
    }
}
