import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct TimeSpanTests {
    @Test(
        "a whole number with a unit is read",
        arguments: [
            ("0ms", 0), ("500ms", 500), ("30s", 30_000), ("15m", 900_000), ("12h", 43_200_000),
            ("28d", 2_419_200_000), ("8w", 4_838_400_000), ("007d", 604_800_000),
            ("1000000d", 86_400_000_000_000),
        ] as [(String, Int64)])
    func reading(text: String, milliseconds: Int64) {
        #expect(TimeSpan(text)?.milliseconds == milliseconds)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "d", "5", "5 d", " 5d", "5d ", "-5d", "+5d", "5.5d", "5D", "5min", "5y", "5days", "1e3s",
            "٣d",
            "5dd", "d5",
        ])
    func refusing(text: String) {
        #expect(TimeSpan(text) == nil)
    }

    @Test(
        "a span so long that sums with times would overflow is refused",
        arguments: [
            "1000001d", "9223372036854775807ms", "106751991167d", "106751991168d", "99999999999999999999d",
            "15250284452472w",
        ])
    func tooLong(text: String) {
        #expect(TimeSpan(text) == nil)
    }

    @Test(
        "a span prints in its largest whole unit up to days",
        arguments: [
            (0, "0ms"), (1, "1ms"), (1_500, "1500ms"), (30_000, "30s"), (90_000, "90s"), (900_000, "15m"),
            (3_600_000, "1h"), (129_600_000, "36h"), (604_800_000, "7d"), (2_419_200_000, "28d"),
        ] as [(Int64, String)])
    func printing(milliseconds: Int64, text: String) {
        #expect(TimeSpan(milliseconds: milliseconds).description == text)
    }

    @Test("what is printed is read back as the same span")
    func roundTrip() {
        var random = TestRandom(seed: 1)
        for unit in [1, 1_000, 60_000, 3_600_000, 86_400_000, 604_800_000] as [Int64] {
            for _ in 0..<200 {
                let span = TimeSpan(milliseconds: Int64.random(in: 0...100_000, using: &random) * unit)
                #expect(TimeSpan(span.description) == span)
            }
        }
    }

    @Test("spans compare by length and count days of 24 hours")
    func comparing() {
        #expect(TimeSpan.hour < TimeSpan.day && TimeSpan.second < TimeSpan.minute)
        #expect(TimeSpan.days(3).milliseconds == 259_200_000)
        #expect(TimeSpan.hour.days == 1.0 / 24)
    }
}
