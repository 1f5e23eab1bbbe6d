import LimpetEvents
import LimpetFiles
import Testing

extension EventLogReaderTests {
    // MARK: - Messages

    @Test("messages of Segment become events")
    func messagesOfSegmentBecomeEvents() throws {
        let text = #"""
            {"type":"track","userId":"u1","event":"buy","timestamp":"2025-01-02T03:04:05Z","messageId":"m1",
            """#.replacing("\n", with: "")
            + #""properties":{"value":12.50,"cart":{"items":["a","b"]},"none":null,"gift":true}}"# + "\n"
            + #"{"type":"page","anonymousId":"x","name":"Home","timestamp":1735776000}"# + "\r\n\n"
            + #"{"type":"track","userId":"u1","event":"buy","timestamp":"2025-01-02T03:04:06Z","#
            + #""messageId":"m1"}"#
        let log = try read(text)
        #expect(
            rows(log) == [
                "u1 buy 2025-01-02T03:04:05Z cart.items.0=a cart.items.1=b gift=true value=12.50",
                "x page 2025-01-02T00:00:00Z name=Home",
            ])
        #expect(log.duplicateCount == 1)
    }

    @Test("a line may hold a batch, whose messages are rows of their own")
    func aLineMayHoldABatch() throws {
        let text =
            #"{"context":{"app":"shop"},"batch":[{"type":"page","userId":"u","timestamp":"2025-01-02"},"#
            + #"{"type":"track","userId":"u","timestamp":"2025-01-03"},"#
            + #"{"type":"page","userId":"v","timestamp":"2025-01-04","context":{"app":"till"}}]}"# + "\n"
            + #"{"type":"page","userId":"u","timestamp":"2025-01-05"}"#
        #expect(
            try rows(read(text, rejection: RowRejection(limit: 1))) == [
                "u page 2025-01-02T00:00:00Z context.app=shop", "u page 2025-01-05T00:00:00Z",
                "v page 2025-01-04T00:00:00Z context.app=till",
            ])
        let error = tooMany(text)
        #expect(error?.place.line == 1 && error?.place.field == "batch[1]")
        #expect(error?.problem.hasPrefix("event: is missing") == true)
    }

    @Test("a message may name its zone")
    func aMessageMayNameItsZone() throws {
        let text =
            #"{"type":"track","userId":"u","event":"e","timestamp":"2025-07-02T03:04:05Z","#
            + #""context":{"timezone":"Asia/Tokyo"}}"# + "\n"
            + #"{"type":"track","userId":"u","event":"e","timestamp":"2025-07-03T03:04:05-03:30"}"# + "\n"
            + #"{"type":"track","userId":"u","event":"e","timestamp":"2025-07-04T03:04:05Z"}"#
        #expect(try read(text).zoneOffsets == [540, -210, EventLog.noZoneOffset])
    }

    @Test(
        "a bad message is a bad row",
        arguments: [
            ("{\"type\": \"track\"", "JSON byte 16"),
            ("[1]", "expected an object"),
            ("{}", "type"),
            (#"{"type":"track","event":"e","timestamp":"2025-01-02"}"#, "userId"),
            (#"{"type":"track","userId":"u","timestamp":"2025-01-02"}"#, "event"),
            (#"{"type":"track","userId":"u","event":"e"}"#, "timestamp"),
            (#"{"type":"track","userId":"u","event":"e","timestamp":"soon"}"#, "timestamp"),
            (#"{"type":"track","userId":"u","event":"e","timestamp":"2027-01-02"}"#, "future"),
            (#"{"type":"track","userId":"u","userId":"v","event":"e","timestamp":"2025-01-02"}"#, "userId"),
            (
                #"{"type":"track","userId":"u","event":"e","timestamp":"2025-01-02","properties":[]}"#,
                "properties"
            ),
            (
                #"{"type":"track","userId":"u","event":"e","timestamp":"2025-01-02","#
                    + #""context":{"timezone":"../x"}}"#,
                "context.timezone"
            ),
        ])
    func aBadMessageIsABadRow(message: String, reason: String) {
        let good = #"{"type":"track","userId":"u","event":"e","timestamp":"2025-01-02"}"#
        let error = tooMany("\n" + good + "\n" + message + "\n" + good)
        #expect(error?.place.line == 3)
        #expect(error?.problem.contains(reason) == true, "\(error?.problem ?? "")")
    }
}
