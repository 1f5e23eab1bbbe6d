import LimpetEvents
import LimpetFiles
import LimpetScoring
import Testing

@Suite struct SegmentMessageTests {
    private func event(
        _ text: String, as kind: SegmentMessage.Kind? = nil, receivedAt: Timestamp? = nil
    ) throws -> Event {
        try SegmentMessage.event(
            JSONReader.read(Array(text.utf8)[...]), as: kind, receivedAt: receivedAt,
            timeParser: TimeParser(),
            zone: { $0 == "UTC" ? .utc : nil })
    }

    @Test func aTrackMessageIsAnEvent() throws {
        let event = try event(
            #"""
            {"type": "track", "userId": "anna", "anonymousId": "x", "event": "purchase", "messageId": "m1",
             "timestamp": "2025-01-15T12:00:00.250+02:00", "sentAt": "ignored",
             "properties": {"value": 12.50, "big": 12345678901234567890.10, "coupon": null, "first": true,
              "items": [{"sku": "a"}, {"sku": "b"}], "page": {"path": "/x", "deep": {"er": 1e2}}}}
            """#)
        #expect(event.user == "anna")
        #expect(event.name == "purchase")
        #expect(event.messageID == "m1")
        #expect(event.time.description == "2025-01-15T10:00:00.250Z")
        #expect(event.zoneOffsetMinutes == 120)
        #expect(
            event.properties == [
                "value": "12.50", "big": "12345678901234567890.10", "first": "true", "items.0.sku": "a",
                "items.1.sku": "b", "page.path": "/x", "page.deep.er": "1e2",
            ])
    }

    @Test func eachKindIsAnEventOfItsName() throws {
        let time = #""timestamp": "2025-01-15""#
        let names = #""name": "Home", "category": "Shop", "properties": {"u": "/"}"#
        let page = try event(#"{"type": "page", "userId": "a", \#(names), \#(time)}"#)
        #expect(page.name == "page")
        #expect(page.properties == ["name": "Home", "category": "Shop", "u": "/"])
        #expect(try event(#"{"type": "screen", "userId": "a", "name": "Cart", \#(time)}"#).name == "screen")
        let identify = try event(
            #"{"userId": "a", "traits": {"plan": {"tier": 2}}, \#(time)}"#, as: .identify)
        #expect(identify.name == "identify")
        #expect(identify.properties == ["plan.tier": "2"])
        let group = try event(#"{"userId": "a", "groupId": 7, "traits": {"n": "x"}, \#(time)}"#, as: .group)
        #expect(group.properties == ["groupId": "7", "n": "x"])
        let alias = try event(#"{"userId": "a", "previousId": "b", \#(time)}"#, as: .alias)
        #expect(alias.properties == ["previousId": "b"])
    }

    @Test func usersWithoutAnIDHaveTheirAnonymousOne() throws {
        let time = #""timestamp": 1736942400000"#
        let anonymous = try event(
            #"{"userId": null, "anonymousId": "x", "event": "e", \#(time)}"#, as: .track)
        #expect(anonymous.user == "x")
        #expect(anonymous.time == TestClock.noon)
        #expect(try event(#"{"userId": 42, "event": "e", \#(time)}"#, as: .track).user == "42")
    }

    @Test func aMessageWithoutATimeHasThatOfItsArrival() throws {
        let text = #"{"userId": "a", "event": "e", "context": {"timezone": "UTC"}}"#
        let received = try event(text, as: .track, receivedAt: TestClock.noon)
        #expect(received.time == TestClock.noon)
        #expect(received.zoneOffsetMinutes == 0)
        let error = #expect(throws: SegmentMessageError.self) { try event(text, as: .track) }
        #expect(error?.field == "timestamp")
    }

    @Test func propertiesAreBounded() throws {
        let many = (0...SegmentMessage.propertyLimit).map { "\"\($0)\": 1" }.joined(separator: ",")
        let error = #expect(throws: SegmentMessageError.self) {
            try event(
                #"{"userId": "a", "event": "e", "timestamp": "2025-01-15", "properties": {\#(many)}}"#,
                as: .track)
        }
        #expect(error?.problem == "more than 1000 properties")
    }
}
