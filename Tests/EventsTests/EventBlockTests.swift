import LimpetDocuments
import LimpetEvents
import LimpetTestSupport
import Testing

/// Rows appended in blocks give the log of rows appended one by one.
@Suite struct EventBlockTests {
    private static func events(_ count: Int, seed: UInt64) -> [(event: Event, resolution: TimeResolution)] {
        var random = TestRandom(seed: seed)
        func pick(_ below: Int) -> Int { .random(in: 0..<below, using: &random) }
        return (0..<count).map { _ in
            var event = Event(
                user: ["", "a", "caf\u{e9}", "cafe\u{301}"].randomElement(using: &random).map {
                    $0 + "\(pick(40))"
                } ?? "",
                name: "n\(pick(9))", time: Timestamp(milliseconds: Int64(pick(500)) - 100))
            if pick(3) == 0 { event.zoneOffsetMinutes = pick(1_000) - 500 }
            if pick(2) == 0 { event.messageID = pick(9) == 0 ? "" : "m\(pick(count * 2))" }
            if pick(4) == 0 { event.received = event.time + TimeSpan(milliseconds: Int64(pick(90))) }
            for name in ["value", "plan", "page", "rare"] where pick(name == "rare" ? 200 : 3) == 0 {
                event.properties[name] = name == "value" ? "\(pick(50)).\(pick(9))" : "t\(pick(7))"
            }
            if pick(30) == 0 { event.properties["value"] = "no amount" }
            return (event, TimeResolution.allCases[pick(20) == 0 ? pick(4) : 3])
        }
    }

    @Test("blocks of any length, by any number of threads", arguments: [1, 2, 8], [1, 7, 300, 5_000])
    func sameLog(threads: Int, length: Int) throws {
        for (seed, adds) in [(UInt64(length), true), (UInt64(length + 1), false)] {
            let events = Self.events(3_000, seed: seed)
            var rows = EventLogBuilder(numberColumns: ["value": 1], textColumns: ["plan"])
            var blocks = rows
            for (event, resolution) in events {
                try? rows.append(event, resolution: resolution, addingColumns: adds)
            }
            for start in stride(from: 0, to: events.count, by: length) {
                var block = EventBlock(amounts: ["value": 1], texts: ["plan"], addsColumns: adds)
                for (event, resolution) in events[start..<min(start + length, events.count)] {
                    try? block.append(event, resolution: resolution)
                }
                #expect(blocks.append(block, threads: threads).isEmpty)
            }
            #expect(rows.count < 2_950 && rows.count > 2_000)
            let expected = rows.finish(keepsArrivals: true)
            let log = blocks.finish(keepsArrivals: true, threads: threads)
            #expect(log.differences(from: expected) == [])
        }
    }

    @Test("an amount that is none is refused, and the row leaves no trace")
    func refusedAmount() throws {
        var block = EventBlock(amounts: ["value": 0], texts: ["value"])
        let bad = Event(
            user: "u", name: "bad", time: Timestamp(milliseconds: 0), messageID: "m",
            properties: ["value": "x"])
        #expect(throws: EventRowError.notAnAmount(property: "value", text: "x", decimals: 0)) {
            try block.append(bad, resolution: .day)
        }
        var builder = EventLogBuilder(numberColumns: ["value": 0])
        #expect(builder.append(block, threads: 1).isEmpty)
        #expect(builder.count == 0)
    }

    @Test("rows beyond the limits of names and properties are named, and the others kept")
    func limits() throws {
        var builder = EventLogBuilder()
        let now = Timestamp(milliseconds: 0)
        for index in 0..<EventLogBuilder.eventNameLimit - 1 {
            try builder.append(Event(user: "u", name: "n\(index)", time: now))
        }
        for index in 0..<EventLogBuilder.textColumnLimit - 1 {
            let event = Event(user: "u", name: "n0", time: now, properties: ["p\(index)": "v"])
            try builder.append(event, addingColumns: true)
        }
        let before = builder.count
        var block = EventBlock(addsColumns: true)
        for event in [
            Event(user: "u", name: "last", time: now), Event(user: "u", name: "one more", time: now),
            Event(user: "u", name: "n7", time: now, properties: ["z": "v"]),
            Event(user: "u", name: "n7", time: now, properties: ["a": "v"]),
            Event(user: "u", name: "last", time: now, properties: ["z": "w", "p3": "v"]),
        ] {
            try block.append(event, resolution: .day)
        }
        let problems = builder.append(block, threads: 2)
        #expect(problems.map(\.row) == [1, 3])
        #expect(problems.first?.error == .tooManyEventNames(limit: EventLogBuilder.eventNameLimit))
        #expect(problems.last?.error == .tooManyProperties(limit: EventLogBuilder.textColumnLimit))
        #expect(builder.count == before + 3)
        let log = builder.finish()
        #expect(log.eventNames.count == EventLogBuilder.eventNameLimit && log.eventNames.last == "last")
        #expect(log.texts["z"]?.codes.suffix(3) == [0, 1, 2])
        #expect(log.texts["a"] == nil)
    }
}
