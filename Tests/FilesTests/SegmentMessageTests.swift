import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct SegmentMessageTests {
    private let noon = Timestamp(milliseconds: 1_736_942_400_000)

    private func event(_ text: String, as kind: SegmentMessage.Kind? = nil, receivedAt: Timestamp? = nil)
        throws -> Event
    {
        try SegmentMessage.event(
            JSONReader.read(Array(text.utf8)[...]), as: kind, receivedAt: receivedAt,
            timeParser: TimeParser(),
            zone: { ZoneDirectory.system.rules(named: $0) })
    }

    private func refusal(_ text: String) -> SegmentMessageError? {
        #expect(throws: SegmentMessageError.self) { try event(text) }
    }

    @Test(
        "each kind becomes one event",
        arguments: [
            (#""type":"track","event":"buy","properties":{"a":1}"#, "buy", ["a": "1"]),
            (
                #""type":"page","name":"Home","category":"Shop","properties":{"a":"1"}"#, "page",
                ["name": "Home", "category": "Shop", "a": "1"]
            ),
            (#""type":"screen","name":"Home""#, "screen", ["name": "Home"]),
            (#""type":"identify","traits":{"plan":"pro"},"properties":{"a":1}"#, "identify", ["plan": "pro"]),
            (#""type":"group","groupId":"g","traits":{"size":7}"#, "group", ["groupId": "g", "size": "7"]),
            (#""type":"alias","previousId":"old""#, "alias", ["previousId": "old"]),
        ])
    func eachKindBecomesOneEvent(body: String, name: String, properties: [String: String]) throws {
        let event = try event(#"{"userId":"u","timestamp":"2025-01-15T12:00:00Z","# + body + "}")
        #expect(event == Event(user: "u", name: name, time: noon, properties: VerbatimDictionary(properties)))
    }

    @Test("the user comes before the anonymous one")
    func theUserComesBeforeTheAnonymousOne() throws {
        let rest = #""type":"track","event":"e","timestamp":"2025-01-15T12:00:00Z"}"#
        #expect(try event(#"{"userId":"u","anonymousId":"x","# + rest).user == "u")
        #expect(try event(#"{"userId":null,"anonymousId":"x","# + rest).user == "x")
        #expect(try event(#"{"userId":12345678901234567890,"# + rest).user == "12345678901234567890")
    }

    @Test("numbers keep their decimals")
    func numbersKeepTheirDecimals() throws {
        let event = try event(
            #"{"type":"track","userId":"u","event":"e","timestamp":"2025-01-15T12:00:00Z","#
                + #""properties":{"value":0.10,"big":123456789012345678.9,"l":[1,[2,{"x":3}]],"#
                + #""e":{},"t":"1.0"}}"#
        )
        #expect(
            event.properties == [
                "value": "0.10", "big": "123456789012345678.9", "l.0": "1", "l.1.0": "2", "l.1.1.x": "3",
                "t": "1.0",
            ])
    }

    @Test("a message without a time has that of its arrival")
    func aMessageWithoutATimeHasThatOfItsArrival() throws {
        #expect(try event(#"{"type":"track","userId":"u","event":"e"}"#, receivedAt: noon).time == noon)
        #expect(refusal(#"{"type":"track","userId":"u","event":"e"}"#)?.field == "timestamp")
    }

    @Test("the path may stand for the type")
    func thePathMayStandForTheType() throws {
        #expect(try event(#"{"userId":"u","event":"e"}"#, as: .track, receivedAt: noon).name == "e")
        #expect(try event(#"{"userId":"u","type":"track"}"#, as: .page, receivedAt: noon).name == "page")
    }

    @Test(
        "the field that is wrong is named",
        arguments: [
            ("1", ""), (#""track""#, ""), ("{}", "type"), (#"{"type":"buy"}"#, "type"),
            (#"{"type":"track","userId":""}"#, "userId"), (#"{"type":"track","userId":{}}"#, "userId"),
            (#"{"type":"track","userId":"a\u0000b"}"#, "userId"),
            (#"{"type":"track","userId":true}"#, "userId"),
            (#"{"type":"track","userId":"u"}"#, "event"),
            (#"{"type":"track","userId":"u","event":[]}"#, "event"),
            (#"{"type":"track","userId":"u","event":"e","messageId":{}}"#, "messageId"),
            (#"{"type":"track","userId":"u","event":"e","timestamp":true}"#, "timestamp"),
            (#"{"type":"page","userId":"u","timestamp":"2025-01-15","properties":1}"#, "properties"),
            (#"{"type":"page","userId":"u","timestamp":"2025-01-15","name":[]}"#, "name"),
            (
                #"{"type":"page","userId":"u","timestamp":"2025-01-15","properties":{"a":{"b":1},"a.b":2}}"#,
                "properties.a.b"
            ),
            (
                #"{"type":"page","userId":"u","timestamp":"2025-01-15","context":{"timezone":7}}"#,
                "context.timezone"
            ),
        ])
    func theFieldThatIsWrongIsNamed(text: String, field: String) {
        #expect(refusal(text)?.field == field)
    }

    @Test("an empty id is absent, and the original time stands in for a missing one")
    func emptyIsAbsent() throws {
        let anonymous = try event(
            #"{"type":"track","userId":"","anonymousId":"a","event":"e","messageId":"","timestamp":null,"#
                + #""originalTimestamp":"2025-01-15T12:00:00+02:00"}"#)
        #expect(anonymous.user == "a" && anonymous.messageID == nil)
        #expect(anonymous.time == Timestamp(milliseconds: 1_736_935_200_000))
        #expect(anonymous.zoneOffsetMinutes == 120)
        let later = try event(
            #"{"type":"track","userId":"u","event":"e","timestamp":"","originalTimestamp":""}"#,
            receivedAt: noon)
        #expect(later.time == noon)
        let own = #"{"userId":"u","timestamp":"2025-01-15","originalTimestamp":"2024-01-01","#
        #expect(try event(own + #""type":"page"}"#).time == Timestamp(milliseconds: 1_736_899_200_000))
        #expect(refusal(#"{"type":"track","userId":"","anonymousId":null}"#)?.field == "userId")
        #expect(refusal(#"{"type":"track","userId":"u","event":""}"#)?.field == "event")
        let wrong = #"{"type":"page","userId":"u","originalTimestamp":"noon"}"#
        #expect(refusal(wrong)?.field == "originalTimestamp")
    }

    @Test("the context of a batch counts for each message, but for what a message says itself")
    func contextOfABatch() throws {
        func read(_ text: String) throws -> JSON { try JSONReader.read(Array(text.utf8)[...]) }
        let json = try read(
            #"{"context":{"os":"x","app":{"v":1}},"batch":[{"n":1},{"context":{"os":"y"}},"#
                + #"{"context":null},7]}"#)
        let messages = try #require(try SegmentMessage.batch(json))
        #expect(messages.map(\.place) == ["batch[0]", "batch[1]", "batch[2]", "batch[3]"])
        #expect(
            messages.map(\.json.compact) == [
                #"{"n":1,"context":{"os":"x","app":{"v":1}}}"#, #"{"context":{"os":"y","app":{"v":1}}}"#,
                #"{"context":{"os":"x","app":{"v":1}}}"#, "7",
            ])
        #expect(try SegmentMessage.batch(read("{}")) == nil)
        for text in [#"{"batch":{}}"#, #"{"batch":[],"context":[]}"#] {
            #expect(throws: SegmentMessageError.self) { try SegmentMessage.batch(read(text)) }
        }
    }

    @Test("names and properties are bounded")
    func namesAndPropertiesAreBounded() {
        let long = String(repeating: "x", count: SegmentMessage.nameLimit + 1)
        #expect(refusal(#"{"type":"track","userId":""# + long + #""}"#)?.field == "userId")
        let head = #"{"type":"page","userId":"u","timestamp":"2025-01-15","properties":"#
        #expect(refusal(head + "{\"\(long)\":1}}")?.problem.contains("longer than") == true)
        let many = (0...SegmentMessage.propertyLimit).map(String.init).joined(separator: ",")
        #expect(refusal(head + "{\"a\":[\(many)]}}")?.problem.contains("more than") == true)
    }

    @Test("a long name over many nulls is refused at once")
    func aLongNameOverManyNullsIsRefusedAtOnce() {
        let head = #"{"type":"page","userId":"u","timestamp":"2025-01-15","properties":{"a":{""#
        let name = String(repeating: "x", count: 500_000)
        let nulls = repeatElement("null", count: 100_000).joined(separator: ",")
        var error: SegmentMessageError?
        let duration = processorTime { error = refusal(head + name + "\":[\(nulls)]}}}") }
        #expect(duration < .seconds(1))
        #expect(error?.field == "properties")
        #expect(error?.problem.hasSuffix("is longer than 1024 bytes") == true)
        #expect((error?.problem.utf8.count ?? 0) < 200)
    }

    @Test("values that become no property count too", arguments: ["null", "[]", "{}"])
    func valuesThatBecomeNoPropertyCountToo(value: String) throws {
        func message(_ count: Int) -> String {
            let values = repeatElement(value, count: count).joined(separator: ",")
            return #"{"type":"page","userId":"u","timestamp":"2025-01-15","properties":{"a":[\#(values)]}}"#
        }
        // The list itself is one of them.
        #expect(try event(message(SegmentMessage.valueLimit - 1)).properties.isEmpty)
        let error = refusal(message(SegmentMessage.valueLimit))
        #expect(error?.problem == "more than 10000 values, with lists, objects and nulls")
    }

    @Test("nested properties and zones are read")
    func nestedPropertiesAndZonesAreRead() throws {
        let event = try event(
            #"""
            {"type": "track", "userId": "anna", "event": "purchase", "messageId": "m1", "sentAt": "ignored",
             "timestamp": "2025-01-15T12:00:00.250+02:00",
             "properties": {"coupon": null, "first": true, "page": {"path": "/x", "deep": {"er": 1e2}}}}
            """#)
        #expect(event.messageID == "m1")
        #expect(event.time.description == "2025-01-15T10:00:00.250Z")
        #expect(event.zoneOffsetMinutes == 120)
        #expect(event.properties == ["first": "true", "page.path": "/x", "page.deep.er": "1e2"])
    }

    @Test("the context becomes properties")
    func theContextBecomesProperties() throws {
        let text = #"""
            {"type":"track","userId":"a","event":"e","timestamp":1736942400000,"properties":{"x":1},
             "context":{"timezone":"UTC","ip":"10.0.0.1","library":{"name":"js"},"device":{"type":"ios"},\#
            "tags":["a"]}}
            """#
        #expect(
            try event(text).properties == ["x": "1", "context.device.type": "ios", "context.tags.0": "a"])
    }

    @Test("the zone of the context counts")
    func theZoneOfTheContextCounts() throws {
        let text =
            #"{"type":"track","userId":"a","event":"e","timestamp":1736942400000,"#
            + #""context":{"timezone":"UTC"}}"#
        let event = try event(text)
        #expect(event.time == noon)
        #expect(event.zoneOffsetMinutes == 0)
    }
}
