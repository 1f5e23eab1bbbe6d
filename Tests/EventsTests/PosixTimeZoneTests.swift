import LimpetEvents
import LimpetTestSupport
import Testing

/// The rules at the end of zone files, read through files that hold nothing else.
@Suite struct PosixTimeZoneTests {
    @Test(
        "each form of a rule gives the offsets of 2024 that date(1) gives for it as TZ",
        arguments: [
            ("JST-9", [("01-01T00:00", 32_400)]),
            (
                "EST5EDT,M3.2.0,M11.1.0",
                [("01-01T00:00", -18_000), ("03-10T07:00", -14_400), ("11-03T06:00", -18_000)]
            ),
            (
                "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                [("01-01T00:00", 39_600), ("04-06T15:00", 37_800), ("10-05T15:30", 39_600)]
            ),
            (
                "IST-2IDT,M3.4.4/26,M10.5.0",
                [("01-01T00:00", 7_200), ("03-29T00:00", 10_800), ("10-26T23:00", 7_200)]
            ),
            (
                "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
                [("01-01T00:00", -7_200), ("03-31T01:00", -3_600), ("10-27T01:00", -7_200)]
            ),
            (
                "AAA3BBB,J60/0,J300/0",
                [("01-01T00:00", -10_800), ("03-01T03:00", -7_200), ("10-27T02:00", -10_800)]
            ),
            (
                "AAA3BBB,59/0,299/0",
                [("01-01T00:00", -10_800), ("02-29T03:00", -7_200), ("10-26T02:00", -10_800)]
            ),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", [("01-01T00:00", 0), ("03-31T01:00", 3_600), ("10-27T01:00", 0)]),
        ] as [(String, [(String, Int)])])
    func rules(rule: String, changes: [(moment: String, offset: Int)]) throws {
        let zone = try TestZones.following(rule)
        for (index, change) in changes.enumerated() {
            let start = try #require(TimeParser().parse("2024-\(change.moment):00Z")).timestamp
            #expect(zone.offsetSeconds(at: start) == change.offset, "\(change)")
            guard index > 0 else { continue }
            let before = Timestamp(milliseconds: start.milliseconds - 1)
            #expect(zone.offsetSeconds(at: before) == changes[index - 1].offset, "before \(change)")
        }
    }

    @Test(
        "a file whose rule is not understood keeps its last offset",
        arguments: [
            "", "X", "AB3", "CET", "CET-", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/", "<CET-1",
            "CET-1CEST,M3.5.0,M10.5.0x", "CET-1CEST,J,J5", "CET-1:",
        ])
    func notUnderstood(rule: String) throws {
        let zone = try TestZones.following(rule)
        #expect(zone.offsetSeconds(at: Timestamp(milliseconds: 1_751_328_000_000)) == 0)
    }
}
