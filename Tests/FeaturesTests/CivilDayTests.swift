import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

@Suite struct CivilDayTests {
    private let amsterdam: TimeZoneRules

    init() throws { amsterdam = try TestZones.amsterdam() }

    private func time(_ text: String) throws -> Timestamp { try #require(TimeParser().parse(text)).timestamp }

    private func activeDays(
        _ events: [(String, Int?)], window: TimeSpan? = nil, at: String = "2026-01-01", zone: TimeZoneRules
    ) throws -> Double {
        let history = try events.map { text, offset in
            Event(user: "u", name: "page", time: try time(text), zoneOffsetMinutes: offset)
        }
        return try TestLog.number(
            Feature(kind: .activeDays, window: window), history, zone: zone, at: try time(at))
    }

    @Test("days are those of UTC without a zone, of the set's zone with one")
    func zones() throws {
        let events: [(String, Int?)] = [("2025-01-10T22:30:00Z", nil), ("2025-01-10T23:30:00Z", nil)]
        #expect(try activeDays(events, zone: .utc) == 1)
        #expect(try activeDays(events, zone: amsterdam) == 2)
    }

    @Test("an event that names its place has the day of that place")
    func ownZone() throws {
        let events: [(String, Int?)] = [("2025-01-10T22:30:00Z", 0), ("2025-01-10T23:30:00Z", 0)]
        #expect(try activeDays(events, zone: amsterdam) == 1)
        let traveller: [(String, Int?)] = [
            ("2025-01-10T12:00:00Z", 840), ("2025-01-10T13:00:00Z", -660), ("2025-01-10T14:00:00Z", 840),
        ]
        #expect(try activeDays(traveller, zone: .utc) == 2)
    }

    @Test("a day of 23 hours is one day, and so is one of 25")
    func shortAndLongDays() throws {
        let short: [(String, Int?)] = [
            ("2025-03-29T23:00:00Z", nil), ("2025-03-30T21:59:59.999Z", nil), ("2025-03-30T22:00:00Z", nil),
        ]
        #expect(try activeDays(short, zone: amsterdam) == 2)
        let long: [(String, Int?)] = [
            ("2025-10-25T22:00:00Z", nil), ("2025-10-26T22:59:59.999Z", nil), ("2025-10-26T23:00:00Z", nil),
        ]
        #expect(try activeDays(long, zone: amsterdam) == 2)
        #expect(try activeDays(Array(long.prefix(2)), zone: .utc) == 2)
    }

    @Test("a window is exact to the millisecond; it does not reach back to midnight")
    func window() throws {
        let events: [(String, Int?)] = [("2025-01-09T11:59:59.999Z", nil), ("2025-01-10T00:00:00Z", nil)]
        #expect(try activeDays(events, window: .days(1), at: "2025-01-10T12:00:00Z", zone: .utc) == 1)
        #expect(try activeDays(events, window: .days(2), at: "2025-01-10T12:00:00Z", zone: .utc) == 2)
    }

    @Test("times before 1970 have days too")
    func before1970() throws {
        let events: [(String, Int?)] = [("1969-12-31T23:59:59.999Z", nil), ("1970-01-01T00:00:00Z", nil)]
        #expect(try activeDays(events, zone: .utc) == 2)
        #expect(CivilDay.number(time: -1, offsetMinutes: 0) == -1)
        #expect(CivilDay.number(time: -1, offsetMinutes: 1) == 0)
        #expect(CivilDay.number(time: 0, offsetMinutes: -1) == -1)
    }
}
