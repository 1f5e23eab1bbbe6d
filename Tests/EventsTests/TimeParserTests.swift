import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct TimeParserTests {
    /// 2025-01-31T00:00:00Z
    static let day: Int64 = 1_738_281_600_000

    @Test(
        "dates and date-times are read without being told their format",
        arguments: [
            ("2025-01-31", day, .day), ("2025/01/31", day, .day), ("20250131", day, .day),
            ("2025-01-31T09:30", day + 34_200_000, .minute), ("2025-01-31 09:30", day + 34_200_000, .minute),
            ("2025-01-31T09:30:05", day + 34_205_000, .second),
            ("2025-01-31T09:30:05Z", day + 34_205_000, .second),
            ("2025-01-31T09:30:05.5Z", day + 34_205_500, .millisecond),
            ("2025-01-31T09:30:05,125", day + 34_205_125, .millisecond),
            ("2025-01-31T09:30:05.123456789Z", day + 34_205_123, .millisecond),
            ("2025/01/31 09:30:05", day + 34_205_000, .second),
            ("2025-01-31t09:30:05z", day + 34_205_000, .second),
            ("2025-01-31 09:30:05 UTC", day + 34_205_000, .second),
            ("2025-01-31 09:30:05.250 GMT", day + 34_205_250, .millisecond),
            ("2025-01-31T09:30:05  Z", day + 34_205_000, .second),
            ("20250131T0930", day + 34_200_000, .minute), ("20250131T093005Z", day + 34_205_000, .second),
            ("20250131 093005.5", day + 34_205_500, .millisecond),
            ("1738281600.25", day + 250, .millisecond), ("1738281600125.9", day + 125, .millisecond),
            ("1969-12-31T23:59:59.999Z", -1, .millisecond),
            ("0001-01-01", -62_135_596_800_000, .day), ("9999-12-31", 253_402_214_400_000, .day),
        ] as [(String, Int64, TimeResolution)])
    func automatic(text: String, milliseconds: Int64, resolution: TimeResolution) throws {
        let time = try #require(TimeParser().parse(text))
        #expect(time.timestamp.milliseconds == milliseconds)
        #expect(time.resolution == resolution)
        #expect(time.zoneOffsetMinutes == nil)
    }

    @Test(
        "Unix times are told apart by their number of digits",
        arguments: [
            ("999999999", 999_999_999_000, .second), ("1738281600", day, .second),
            ("999999999999", 999_999_999_999, .millisecond), ("1738281600123", day + 123, .millisecond),
            ("1738281600123999", day + 123, .millisecond), ("1738281600123999999", day + 123, .millisecond),
        ] as [(String, Int64, TimeResolution)])
    func unixByDigits(text: String, milliseconds: Int64, resolution: TimeResolution) {
        let time = TimeParser().parse(text)
        #expect(time?.timestamp.milliseconds == milliseconds)
        #expect(time?.resolution == resolution)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "x", "2025", "2025-13-01", "2025-02-29", "2025-00-10", "2025-01-00", "2025-1-31",
            "2025-01-31T",
            "2025-01-31T09", "2025-01-31T9:30", "2025-01-31T24:00", "2025-01-31T09:60", "2025-01-31T09:30:61",
            "2025-01-31T09:30:05.", "2025-01-31T09:30:05+", "2025-01-31T09:30:05+2", "2025-01-31T09:30+25:00",
            "2025-01-31T09:30+02:60", "2025-01-31T09:30Zx", "2025-01-31T09:30+02:00x", "2025-01-31x",
            "2025-01/31", "20251331", "1234567", "12345678901", "12345678901234", "17382816001239999999",
            "NaN",
            "-1738281600", "٢٠٢٥-01-31", "2025-01-31 09:30:05 AM", "20250131T", "20250131T09",
            "20250131T0930x",
            "2025-01-31 09:30:05 UTC+1", "173828160.", "45658.4167", "1.7382816e9", "2025-01-31T09:30:05 UT",
        ])
    func refusing(text: String) {
        #expect(TimeParser().parse(text) == nil)
    }

    @Test(
        "an offset moves the time and names the place, Z names none",
        arguments: [
            ("2025-01-31T02:00:00+02:00", 120), ("2025-01-31T02:00:00+0200", 120),
            ("2025-01-31T02:00:00+02", 120),
            ("2025-01-30T14:30:00-09:30", -570), ("2025-01-31T00:00:00+00:00", 0),
            ("2025-01-31T00:00:00Z", nil),
            ("2025-01-31T00:00:00", nil), ("2025-01-31T14:00+14:00", 840), ("2025-01-31T18:59+18:59", 1_139),
        ] as [(String, Int?)])
    func offsets(text: String, minutes: Int?) {
        let time = TimeParser().parse(text)
        #expect(time?.timestamp.milliseconds == Self.day)
        #expect(time?.zoneOffsetMinutes == minutes)
    }

    @Test("a leap second is the first second of the next minute")
    func leapSecond() {
        let time = TimeParser().parse("2016-12-31T23:59:60Z")
        #expect(time?.timestamp == TimeParser().parse("2017-01-01T00:00:00Z")?.timestamp)
        #expect(time?.timestamp.milliseconds == 1_483_228_800_000)
    }

    @Test(
        "Unix time has the requested unit",
        arguments: [
            ("s", "1738281600", day, .second), ("s", "1738281600.25", day + 250, .millisecond),
            ("s", "-1", -1_000, .second), ("s", "0", 0, .second),
            ("s", "-1.5", -1_500, .millisecond), ("s", "-0.25", -250, .millisecond),
            ("ms", "1738281600123", day + 123, .millisecond),
            ("ms", "-1", -1, .millisecond), ("us", "1738281600123999", day + 123, .millisecond),
            ("us", "-1", -1, .millisecond), ("ns", "1738281600123999999", day + 123, .millisecond),
            ("ns", "-1000001", -2, .millisecond),
        ] as [(String, String, Int64, TimeResolution)])
    func unixUnits(setting: String, text: String, milliseconds: Int64, resolution: TimeResolution) throws {
        let format = try #require(TimeFormat(setting: setting))
        let time = try #require(TimeParser(format: format).parse(text))
        #expect(time.timestamp.milliseconds == milliseconds)
        #expect(time.resolution == resolution)
        #expect(time.zoneOffsetMinutes == nil)
    }

    @Test(
        "Unix times of other shapes, or so far away that sums with spans would overflow, are refused",
        arguments: [
            ("s", "9223372036854775807"), ("s", "9223372036854775"), ("s", "-9223372036854775"),
            ("s", "4503599627371"), ("s", "99999999999999999999"), ("ms", "9223372036854775799"),
            ("s", "2025-01-31"), ("s", ""), ("s", "-"), ("s", "+5"), ("s", "1e9"), ("s", "5 "), ("s", "5."),
            ("%s", "9223372036854775799"), ("%s", "-9223372036854775799"), ("%s", "4503599627371"),
            ("%s", "99999999999999999999"), ("%s.%f", "9223372036854775.999"), ("%s", ""),
        ])
    func unixRefused(setting: String, text: String) throws {
        let format = try #require(TimeFormat(setting: setting))
        #expect(TimeParser(format: format).parse(text) == nil)
    }

    @Test("seconds read as milliseconds give another time, and never the same one by chance")
    func wrongUnit() throws {
        let parser = TimeParser(format: .unix(unitsPerSecond: 1_000))
        #expect(parser.parse("1738281600")?.timestamp.milliseconds == 1_738_281_600)
        let seconds = TimeParser(format: .unix(unitsPerSecond: 1))
        #expect(seconds.parse("1738281600123")?.timestamp.milliseconds == 1_738_281_600_123_000)
    }

    @Test(
        "a pattern reads each of its fields",
        arguments: [
            ("%Y-%m-%d", "2025-01-31", day, .day), ("%d/%m/%Y", "31/1/2025", day, .day),
            ("%m/%d/%y", "1/31/25", day, .day), ("%y", "69", -31_536_000_000, .day),
            ("%y", "68", 3_092_601_600_000, .day), ("%d %b %Y", "31 Jan 2025", day, .day),
            ("%d %B %Y", "31 JANUARY 2025", day, .day), ("%e-%b-%y", " 1-dec-11", 1_322_697_600_000, .day),
            ("%e-%b-%y", "31-Jan-25", day, .day), ("%Y%j", "2025031", day, .day),
            ("%Y-%j", "2024-366", 1_735_603_200_000, .day), ("%F", "2025-01-31", day, .day),
            ("%F %T", "2025-01-31 09:30:05", day + 34_205_000, .second),
            ("%Y-%m-%dT%H:%M:%S.%f", "2025-01-31T09:30:05.123456", day + 34_205_123, .millisecond),
            ("%m/%d/%Y %I:%M %p", "01/31/2025 12:05 AM", day + 300_000, .minute),
            ("%m/%d/%Y %I:%M %p", "01/31/2025 12:05 pm", day + 43_500_000, .minute),
            ("%m/%d/%Y %I:%M %p", "01/31/2025 1:05 PM", day + 47_100_000, .minute),
            ("%m/%d/%Y %H:%M", "1/31/2025 9:05", day + 32_700_000, .minute),
            ("%F %H", "2025-01-31 09", day + 32_400_000, .minute), ("%s", "1738281600", day, .second),
            ("100%% %F", "100% 2025-01-31", day, .day), ("%F %%T", "2025-01-31 %T", day, .day),
            ("%F %%F", "2025-01-31 %F", day, .day),
        ] as [(String, String, Int64, TimeResolution)])
    func patterns(pattern: String, text: String, milliseconds: Int64, resolution: TimeResolution) throws {
        let format = try #require(TimeFormat(setting: pattern))
        let time = try #require(TimeParser(format: format).parse(text))
        #expect(time.timestamp.milliseconds == milliseconds)
        #expect(time.resolution == resolution)
    }

    @Test("the offset of a pattern moves the time and names the place")
    func patternOffset() {
        let parser = TimeParser(format: .pattern("%F %H:%M %z"))
        let time = parser.parse("2025-01-31 02:00 +0200")
        #expect(time?.timestamp.milliseconds == Self.day && time?.zoneOffsetMinutes == 120)
        #expect(parser.parse("2025-01-31 00:00 Z")?.zoneOffsetMinutes == nil)
    }

    @Test(
        "a text that does not fit its pattern is refused",
        arguments: [
            ("%F", "2025-01-31 "), ("%F", "2025-02-30"), ("%F", ""), ("%d/%m/%Y", "1/31/2025"),
            ("%d %b %Y", "31 Foo 2025"), ("%I:%M %p", "13:00 PM"), ("%I:%M %p", "0:30 AM"),
            ("%I:%M %p", "1:30 XM"), ("%Y-%j", "2025-366"), ("%Y-%j", "2025-000"), ("%H:%M", "24:00"),
            ("%Q", "1"), ("%S.%f", "05."), ("%F %z", "2025-01-31 +2"), ("%Y", "25"),
        ])
    func patternRefused(pattern: String, text: String) {
        #expect(TimeParser(format: .pattern(pattern)).parse(text) == nil)
    }

    @Test("local times are those of the zone; a skipped hour moves on, a doubled one is the first")
    func localTimes() throws {
        let parser = TimeParser(zone: try TestZones.zone("Europe/Amsterdam"))
        func utc(_ text: String) -> String? { parser.parse(text)?.timestamp.description }
        #expect(utc("2025-01-31T09:30:00") == "2025-01-31T08:30:00Z")
        #expect(utc("2025-07-31") == "2025-07-30T22:00:00Z")
        #expect(utc("2025-03-30T01:59:59") == "2025-03-30T00:59:59Z")
        #expect(utc("2025-03-30T02:30:00") == "2025-03-30T01:30:00Z")
        #expect(utc("2025-03-30T03:00:00") == "2025-03-30T01:00:00Z")
        #expect(utc("2025-10-26T02:30:00") == "2025-10-26T00:30:00Z")
        #expect(utc("2025-10-26T03:00:00") == "2025-10-26T02:00:00Z")
        #expect(utc("2025-07-31T12:00:00Z") == "2025-07-31T12:00:00Z")
        #expect(utc("2025-07-31T12:00:00+05:00") == "2025-07-31T07:00:00Z")
        #expect(utc("1738281600") == "2025-01-31T00:00:00Z")
    }

    @Test("what a parser prints is read back as the same time")
    func roundTrip() {
        var random = TestRandom(seed: 3)
        for _ in 0..<2_000 {
            let time = Timestamp(
                milliseconds: .random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
            #expect(TimeParser().parse(time.description)?.timestamp == time)
        }
    }
}
