import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct TimeZoneRulesTests {
    @Test(
        "Amsterdam has its offsets on both sides of each change, far into the future",
        arguments: [
            (489_024_000, 7_200), (846_377_999, 7_200), (846_378_000, 3_600), (1_743_296_399, 3_600),
            (1_743_296_400, 7_200), (1_761_440_399, 7_200), (1_761_440_400, 3_600), (2_145_916_799, 3_600),
            (2_161_555_200, 7_200), (4_102_444_800, 3_600), (4_118_083_200, 7_200), (4_128_627_599, 7_200),
            (4_128_627_600, 3_600),
        ] as [(Int64, Int)])
    func amsterdam(second: Int64, offset: Int) throws {
        let zone = try TestZones.zone("Europe/Amsterdam")
        #expect(zone.offsetSeconds(at: Timestamp(milliseconds: second * 1_000)) == offset)
    }

    @Test(
        "New York has its offsets on both sides of each change, also when the rule itself changed",
        arguments: [
            (489_024_000, -14_400), (1_143_961_199, -18_000), (1_143_961_200, -14_400),
            (1_173_596_399, -18_000), (1_173_596_400, -14_400), (1_741_503_599, -18_000),
            (1_741_503_600, -14_400), (1_762_063_199, -14_400), (1_762_063_200, -18_000),
            (2_145_916_799, -18_000), (2_161_555_200, -14_400), (4_102_444_800, -18_000),
            (4_118_083_200, -14_400),
        ] as [(Int64, Int)])
    func newYork(second: Int64, offset: Int) throws {
        let zone = try TestZones.zone("America/New_York")
        #expect(zone.offsetSeconds(at: Timestamp(milliseconds: second * 1_000)) == offset)
    }

    @Test("a change takes place at its millisecond")
    func millisecond() throws {
        let zone = try TestZones.zone("Europe/Amsterdam")
        let change: Int64 = 1_743_296_400_000
        #expect(zone.offsetSeconds(at: Timestamp(milliseconds: change - 1)) == 3_600)
        #expect(zone.offsetSeconds(at: Timestamp(milliseconds: change)) == 7_200)
    }

    @Test("local midnights bound days of 23, 24 and 25 hours")
    func lengthsOfDays() throws {
        let zone = try TestZones.zone("Europe/Amsterdam")
        func hours(year: Int, month: Int, day: Int) throws -> Int64 {
            let number = try #require(CivilDate(year: year, month: month, day: day)).dayNumber
            let start = zone.timestamp(ofLocal: number * 86_400_000)
            let end = zone.timestamp(ofLocal: (number + 1) * 86_400_000)
            #expect(zone.dayNumber(at: start) == number)
            #expect(zone.dayNumber(at: Timestamp(milliseconds: end.milliseconds - 1)) == number)
            #expect(zone.dayNumber(at: Timestamp(milliseconds: start.milliseconds - 1)) == number - 1)
            return (end.milliseconds - start.milliseconds) / 3_600_000
        }
        #expect(try hours(year: 2025, month: 3, day: 29) == 24)
        #expect(try hours(year: 2025, month: 3, day: 30) == 23)
        #expect(try hours(year: 2025, month: 10, day: 26) == 25)
        #expect(try hours(year: 2100, month: 3, day: 28) == 23)
    }

    @Test("a skipped local time moves on by the gap, a doubled one is the first")
    func gapsAndOverlaps() throws {
        let zone = try TestZones.zone("America/New_York")
        func utc(_ local: String) throws -> String {
            zone.timestamp(ofLocal: try #require(TimeParser().parse(local)).timestamp.milliseconds)
                .description
        }
        #expect(try utc("2025-03-09T01:59:59") == "2025-03-09T06:59:59Z")
        #expect(try utc("2025-03-09T02:00:00") == "2025-03-09T07:00:00Z")
        #expect(try utc("2025-03-09T02:30:00") == "2025-03-09T07:30:00Z")
        #expect(try utc("2025-03-09T03:00:00") == "2025-03-09T07:00:00Z")
        #expect(try utc("2025-11-02T00:59:59") == "2025-11-02T04:59:59Z")
        #expect(try utc("2025-11-02T01:00:00") == "2025-11-02T05:00:00Z")
        #expect(try utc("2025-11-02T01:59:59") == "2025-11-02T05:59:59Z")
        #expect(try utc("2025-11-02T02:00:00") == "2025-11-02T07:00:00Z")
    }

    @Test(
        "a time's wall clock gives that time, or the earlier one with the same wall clock",
        arguments: [
            "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
            "America/Sao_Paulo", "Africa/Casablanca",
        ])
    func inverse(name: String) throws {
        let zone = try TestZones.zone(name)
        var random = TestRandom(seed: 4)
        for _ in 0..<5_000 {
            let time = Timestamp(milliseconds: .random(in: 0...4_200_000_000_000, using: &random))
            let local = time.milliseconds + Int64(zone.offsetSeconds(at: time)) * 1_000
            let found = zone.timestamp(ofLocal: local)
            #expect(found <= time)
            #expect(found.milliseconds + Int64(zone.offsetSeconds(at: found)) * 1_000 == local, "\(time)")
        }
    }

    @Test("UTC has no offset and days of 24 hours")
    func utc() {
        #expect(TimeZoneRules.utc.offsetSeconds(at: Timestamp(milliseconds: -1)) == 0)
        #expect(TimeZoneRules.utc.dayNumber(at: Timestamp(milliseconds: -1)) == -1)
        #expect(TimeZoneRules.utc.dayNumber(at: Timestamp(milliseconds: 86_400_000)) == 1)
        #expect(TimeZoneRules.utc.timestamp(ofLocal: 5).milliseconds == 5)
    }
}
