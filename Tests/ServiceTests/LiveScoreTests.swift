import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetService
import LimpetTestSupport
import Testing

/// A user's live score is the score of a batch run at the same time, to the last bit.
@Suite struct LiveScoreTests {
    private static let day: Int64 = 86_400_000
    private static let start = TestClock.noon.milliseconds - 60 * day
    private static let users = ["anna", "ben", "chloe", "dora"]

    /// Events of some users over 60 days in the order of their arrival, which is not that of their times.
    private static func history(count: Int, seed: UInt64) -> [Event] {
        var random = TestRandom(seed: seed)
        return (0..<count).map { index in
            let progress = Int64(index) * 60 * day / Int64(count)
            let late = random.below(10) < 2 ? Int64(random.below(5)) * day : 0
            // Whole minutes make equal times frequent, so that the order of arrival matters.
            let time = (start + max(0, progress - late)) / 60_000 * 60_000
            var event = Event(
                user: random.pick(users),
                name: random.pick(["page", "purchase", "cart", "mail_sent"]),
                time: Timestamp(milliseconds: time), messageID: "m\(index)")
            if random.below(3) == 0 { event.zoneOffsetMinutes = random.pick([-300, 60, 330]) }
            if event.name == "purchase" {
                event.properties["value"] = random.pick(["7", "7.0", "7.00", "12.5", "\(random.below(90))"])
            }
            if event.name == "page" {
                event.properties = [
                    "path": "/\(random.below(7))", "device": random.pick(["mobile", "desktop", "tv"]),
                ]
            }
            return event
        }
    }

    private static func log(_ events: [Event], keepsMessageIDs: Bool = false) throws -> EventLog {
        let columns = TestModel.featureSet.columns
        var builder = EventLogBuilder(numberColumns: columns.numbers, textColumns: columns.texts)
        for event in events { try builder.append(event) }
        return builder.finish(keepsMessageIDs: keepsMessageIDs)
    }

    /// Log-odds by user and snapshot time, as a batch run computes them.
    private static func batchScores(_ events: [Event], at times: [Timestamp]) async throws -> [String: Double]
    {
        let verified = try TestModel.verified()
        let plan = try #require(try verified.scorer.model.plan(zone: verified.zone))
        let table = try await SnapshotTable.extract(
            from: log(events), plan: plan, at: times, dataUntil: TestClock.noon)
        let scores = verified.scorer.scores(numbers: table.numbers, keys: table.keys, rowCount: table.count)
        let keys = table.users.indices.map { "\(table.userIDs[Int(table.users[$0])]) \(table.times[$0])" }
        return Dictionary(uniqueKeysWithValues: zip(keys, scores.map(\.logOdds)))
    }

    private static func text(_ event: Event) -> String {
        let offset = event.zoneOffsetMinutes ?? 0
        var time = (event.time + TimeSpan(milliseconds: Int64(offset) * 60_000)).description
        if event.zoneOffsetMinutes != nil {
            let digits = [offset.magnitude / 60, offset.magnitude % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            time = time.dropLast() + (offset < 0 ? "-" : "+") + digits.joined(separator: ":")
        }
        return JSON.object([
            "type": .string("track"), "userId": .string(event.user), "event": .string(event.name),
            "messageId": event.messageID.map { .string($0) }, "timestamp": .string(time),
            "properties": .object(
                event.properties.map { name, value in
                    JSONMember(name: name, value: name == "value" ? .number(value) : .string(value))
                }),
        ]).compact
    }

    private static let snapshotTimes = [60, 59, 45, 30, 7].map {
        Timestamp(milliseconds: start + $0 * day + 1)
    }

    @Test("a live score is the score of a batch run", arguments: [0, 300, 600])
    func aLiveScoreIsTheScoreOfABatchRun(warmCount: Int) async throws {
        let events = Self.history(count: 600, seed: 7 + UInt64(warmCount))
        let expected = try await Self.batchScores(events, at: Self.snapshotTimes)
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        if warmCount > 0 { live.log = try Self.log(Array(events[..<warmCount])) }
        let rest = Array(events[warmCount...])
        try await live.run { client in
            for first in stride(from: 0, to: rest.count, by: 50) {
                let messages = rest[first..<min(first + 50, rest.count)].map(Self.text)
                let answer = try await client.post(
                    "/v1/batch", #"{"batch": [\#(messages.joined(separator: ","))]}"#)
                #expect(answer.json["accepted"]?.integer == messages.count, "\(answer.body)")
            }
            try await Self.compare(client, with: expected)
        }
        // The same state comes back from the disk.
        try await live.run { client in try await Self.compare(client, with: expected) }
    }

    @Test("a message of the log counts once though it arrives again")
    func aMessageOfTheLogCountsOnceThoughItArrivesAgain() async throws {
        let events = Self.history(count: 400, seed: 3)
        let expected = try await Self.batchScores(events, at: Self.snapshotTimes)
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        live.log = try Self.log(Array(events[..<300]), keepsMessageIDs: true)
        try await live.run { client in
            let messages = events[250...].map(Self.text).joined(separator: ",")
            let answer = try await client.post("/v1/batch", #"{"batch": [\#(messages)]}"#)
            #expect(answer.json["accepted"]?.integer == 100, "\(answer.body)")
            #expect(answer.json["duplicates"]?.integer == 50)
            try await Self.compare(client, with: expected)
        }
        // A later export of the log holds what the service had taken in.
        live.log = try Self.log(events, keepsMessageIDs: true)
        try await live.run { client in try await Self.compare(client, with: expected) }
    }

    private static func compare(_ client: HTTPClient, with expected: [String: Double]) async throws {
        for user in users {
            for snapshotTime in snapshotTimes {
                let answer = try await client.post(
                    "/v1/score", #"{"userId": "\#(user)", "at": "\#(snapshotTime)"}"#)
                let logOdds = answer.json["logOdds"]?.double
                #expect(logOdds?.bitPattern == expected["\(user) \(snapshotTime)"]?.bitPattern)
                #expect(logOdds != nil)
            }
        }
    }

    @Test("a log that lacks a property is refused")
    func aLogThatLacksAPropertyIsRefused() async throws {
        let folder = try TemporaryFolder()
        var live = LiveService(file: folder.file())
        var builder = EventLogBuilder()
        try builder.append(Event(user: "a", name: "page", time: TestClock.noon))
        live.log = builder.finish()
        let refused = live
        await #expect(throws: MissingColumnError.self) { try await refused.run { _ in } }
    }
}
