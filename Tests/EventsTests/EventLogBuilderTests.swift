import LimpetDocuments
import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct EventLogBuilderTests {
    private func event(
        _ user: String, _ name: String = "e", at time: Int64 = 0, id: String? = nil, offset: Int? = nil,
        _ properties: VerbatimDictionary<String> = [:]
    ) -> Event {
        Event(
            user: user, name: name, time: Timestamp(milliseconds: time), zoneOffsetMinutes: offset,
            messageID: id,
            properties: properties)
    }

    private func log(
        _ events: [Event], numbers: VerbatimDictionary<Int> = [:], texts: VerbatimSet = [],
        addingColumns: Bool = false
    ) throws -> EventLog {
        var builder = EventLogBuilder(numberColumns: numbers, textColumns: texts)
        for event in events { try builder.append(event, addingColumns: addingColumns) }
        return builder.finish()
    }

    @Test("users are sorted by the bytes of their ids")
    func userOrder() throws {
        let ids = ["b", "a", "B", "é", "z", "10", "9", "", "\u{1F600}", "\u{FFFD}"]
        let log = try log(ids.map { event($0) })
        #expect(log.users == ["", "10", "9", "B", "a", "b", "z", "é", "\u{FFFD}", "\u{1F600}"])
        #expect(log.userStarts == Array(0...10))
        for (index, user) in log.users.enumerated() { #expect(log.index(ofUser: user) == index) }
        #expect(log.index(ofUser: "c") == nil)
        #expect(log.index(ofUser: "\u{10FFFF}") == nil)
    }

    @Test("a user's rows are sorted by time, and equal times by arrival")
    func rowOrder() throws {
        let log = try log([
            event("b", "b5", at: 5), event("a", "a9", at: 9), event("b", "b5 again", at: 5),
            event("a", "a3", at: 3),
            event("b", "b1", at: 1), event("a", "a3 again", at: 3), event("a", "a-1", at: -1),
        ])
        func names(_ user: Int) -> [String] {
            log.rows(ofUser: user).map { log.eventNames[Int(log.events[$0])] }
        }
        #expect(names(0) == ["a-1", "a3", "a3 again", "a9"])
        #expect(names(1) == ["b1", "b5", "b5 again"])
        #expect(log.times == [-1, 3, 3, 9, 1, 5, 5])
        #expect(log.span?.first.milliseconds == -1 && log.span?.last.milliseconds == 9)
    }

    @Test("a shuffled log is the log that a plain stable sort gives")
    func shuffled() throws {
        var random = TestRandom(seed: 5)
        let events = (0..<5_000).map { index in
            event(
                "u\(Int.random(in: 0..<40, using: &random))", "n\(index % 7)",
                at: .random(in: 0..<50, using: &random), ["place": String(index)])
        }
        let log = try log(events, texts: ["place"])
        let sorted = events.enumerated().sorted { left, right in
            (left.element.user, left.element.time.milliseconds, left.offset)
                < (right.element.user, right.element.time.milliseconds, right.offset)
        }
        let column = try #require(log.texts["place"])
        #expect(column.codes.map { column.dictionary[Int($0)] } == sorted.map { String($0.offset) })
        #expect(log.times == sorted.map(\.element.time.milliseconds))
        #expect(log.events.map { log.eventNames[Int($0)] } == sorted.map(\.element.name))
    }

    @Test("a repeated message id is counted and left out, whoever sent it")
    func duplicates() throws {
        let log = try log([
            event("a", at: 1, id: "m1"), event("a", at: 2, id: "m1"), event("b", at: 3, id: "m1"),
            event("a", at: 4, id: "m2"), event("a", at: 4), event("a", at: 4),
        ])
        #expect(log.duplicateCount == 2)
        #expect(log.times == [1, 4, 4, 4])
        #expect(log.users == ["a"])
    }

    @Test("amounts are units of the requested decimals; none is missing")
    func amounts() throws {
        let log = try log(
            [
                event("a", at: 1, ["value": "12.5"]), event("a", at: 2), event("a", at: 3, ["value": ""]),
                event("a", at: 4, ["value": "-0.005"]),
            ], numbers: ["value": 2])
        let column = try #require(log.numbers["value"])
        #expect(column.decimals == 2)
        #expect(column.units == [1_250, NumberColumn.missing, NumberColumn.missing, 0])
    }

    @Test(
        "an amount that is none is refused, and the row leaves no trace",
        arguments: ["x", "1,5", "NaN", "1e17"])
    func refusedAmount(text: String) throws {
        var builder = EventLogBuilder(numberColumns: ["value": 0])
        #expect(throws: EventRowError.notAnAmount(property: "value", text: text, decimals: 0)) {
            try builder.append(event("a", "refused", id: "m", ["value": text]))
        }
        try builder.append(event("a", "kept", id: "m", ["value": "1"]))
        let log = builder.finish()
        #expect(log.count == 1 && log.duplicateCount == 0 && log.eventNames == ["kept"])
    }

    @Test("texts are coded, and no text is code 0")
    func texts() throws {
        let log = try log(
            [
                event("a", at: 1, ["device": "mobile"]), event("a", at: 2),
                event("a", at: 3, ["device": "desktop"]),
                event("a", at: 4, ["device": "mobile", "unasked": "x"]), event("a", at: 5, ["device": ""]),
            ], texts: ["device"])
        let column = try #require(log.texts["device"])
        #expect(column.dictionary == ["", "mobile", "desktop"])
        #expect(column.codes == [1, 0, 2, 1, 0])
        #expect(log.texts.count == 1)
    }

    @Test("texts and event names that differ only in their bytes stay apart")
    func bytesOfTexts() throws {
        let log = try log(
            [
                event("a", "caf\u{e9}", at: 1, ["device": "caf\u{e9}"]),
                event("a", "cafe\u{301}", at: 2, ["device": "cafe\u{301}"]),
            ], texts: ["device"])
        #expect(log.texts["device"]?.dictionary.map { Array($0.utf8).count } == [0, 5, 6])
        #expect(log.eventNames.map { Array($0.utf8).count } == [5, 6])
    }

    @Test("a column found on the way is missing in the rows before it")
    func addedColumns() throws {
        let log = try log(
            [event("a", at: 1), event("a", at: 2, ["page": "home"]), event("a", at: 3, ["page": ""])],
            addingColumns: true)
        #expect(log.texts["page"]?.codes == [0, 1, 0])
    }

    @Test("offsets are kept where any event names a place")
    func offsets() throws {
        let placed = try log([event("a", at: 1), event("a", at: 2, offset: -570)])
        #expect(placed.zoneOffsets == [EventLog.noZoneOffset, -570])
        #expect(try log([event("a")]).zoneOffsets == nil)
    }

    @Test("the resolution of a log is that of its finest row")
    func resolution() throws {
        var builder = EventLogBuilder()
        try builder.append(event("a"), resolution: .day)
        #expect(builder.finish().resolution == .day)
        var mixed = EventLogBuilder()
        try mixed.append(event("a"), resolution: .day)
        try mixed.append(event("a"), resolution: .second)
        try mixed.append(event("a"), resolution: .minute)
        #expect(mixed.count == 3)
        #expect(mixed.finish().resolution == .second)
    }

    @Test("an empty log has no users and no span")
    func empty() {
        let log = EventLogBuilder().finish()
        #expect(log.count == 0 && log.users.isEmpty && log.userStarts == [0] && log.span == nil)
        #expect(log.index(ofUser: "a") == nil)
    }

    @Test("rows may add only a limited number of columns, and each row of a column is where it was")
    func textColumnLimit() throws {
        var builder = EventLogBuilder()
        for index in 1..<EventLogBuilder.textColumnLimit {
            let properties: VerbatimDictionary = ["p\(index)": "v", "q": "\(index)"]
            let time = Timestamp(milliseconds: Int64(index))
            try builder.append(
                Event(user: "a", name: "e", time: time, properties: properties), addingColumns: true)
        }
        let error = EventRowError.tooManyProperties(limit: EventLogBuilder.textColumnLimit)
        #expect(throws: error) {
            try builder.append(
                Event(user: "a", name: "e", time: Timestamp(milliseconds: 0), properties: ["one more": "v"]),
                addingColumns: true)
        }
        let log = builder.finish()
        #expect(log.count == EventLogBuilder.textColumnLimit - 1)
        let column = try #require(log.texts["p500"])
        #expect(column.codes.indices.filter { column.codes[$0] != 0 } == [499])
        #expect(log.texts["q"]?.codes.contains(0) == false)
    }

    @Test("ids that Unicode calls equivalent are different users and different messages")
    func equivalentIDs() throws {
        let ids = ["caf\u{e9}", "cafe\u{301}"]
        var builder = EventLogBuilder()
        for id in ids {
            try builder.append(
                Event(user: id, name: "buy", time: Timestamp(milliseconds: 0), messageID: id))
        }
        let log = builder.finish()
        #expect(log.users.count == 2 && log.count == 2)
        #expect(Set(ids.compactMap { log.index(ofUser: $0) }).count == 2)
    }

    @Test("more event names than a log may have are refused")
    func eventNameLimit() throws {
        var builder = EventLogBuilder()
        for index in 0..<EventLogBuilder.eventNameLimit { try builder.append(event("a", "n\(index)")) }
        #expect(throws: EventRowError.tooManyEventNames(limit: EventLogBuilder.eventNameLimit)) {
            try builder.append(event("a", "one more"))
        }
        try builder.append(event("a", "n0"))
        #expect(builder.count == EventLogBuilder.eventNameLimit + 1)
    }
}
