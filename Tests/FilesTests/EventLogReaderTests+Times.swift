import LimpetEvents
import LimpetFiles
import Testing

extension EventLogReaderTests {
    // MARK: - Times

    @Test(
        "times are read in their format",
        arguments: [
            ("s", "1735776000"), ("ms", "1735776000000"), ("us", "1735776000000000"), ("auto", "20250102"),
            ("ns", "1735776000000000000"), ("auto", "1735776000"), ("auto", "1735776000000"),
            ("auto", "2025-01-02T01:00:00+01:00"), ("%d/%m/%Y", "02/01/2025"),
        ])
    func timesAreReadInTheirFormat(setting: String, time: String) throws {
        let format = try #require(TimeFormat(setting: setting))
        let schema = EventSchema(times: TimeParser(format: format), now: Self.now)
        let log = try read("user,time\nanna,\(time)\n", schema: schema)
        #expect(log.times == [1_735_776_000_000])
    }

    @Test(
        "a time of another unit is a bad row that says so",
        arguments: [
            ("s", "1735776000000"), ("s", "1735776000000000"), ("ms", "1735776000000000"),
            ("ms", "1735776000"),
            ("us", "1735776000"), ("us", "1735776000000"), ("ns", "1735776000"), ("ns", "1735776000000000"),
            ("ns", "1735776000000"),
        ])
    func aTimeOfAnotherUnitIsABadRowThatSaysSo(setting: String, time: String) throws {
        let format = try #require(TimeFormat(setting: setting))
        let schema = EventSchema(times: TimeParser(format: format), now: Self.now)
        let error = tooMany("user,time\nanna,\(time)\n", schema: schema)
        #expect(error?.place.line == 2)
        #expect(error?.problem.contains("unit") == true)
    }

    @Test("seconds of the year 1970 are no mistake in seconds")
    func secondsOfTheYear1970AreNoMistakeInSeconds() throws {
        var schema = EventSchema(times: TimeParser(format: .unix(unitsPerSecond: 1)), now: Self.now)
        #expect(tooMany("user,time\nanna,86400\n", schema: schema)?.problem.contains("--earliest") == true)
        schema.earliest = Timestamp(milliseconds: 0)
        #expect(try read("user,time\nanna,86400\n", schema: schema).times == [86_400_000])
    }

    @Test(
        "a time outside of the calendar is a bad row",
        arguments: ["9223372036854775", "-9223372036854775", "-99999999999", "9223372036854775807"])
    func aTimeOutsideOfTheCalendarIsABadRow(time: String) {
        var schema = EventSchema(times: TimeParser(format: .unix(unitsPerSecond: 1)))
        schema.earliest = Timestamp(milliseconds: 0)
        #expect(tooMany("user,time\nanna,0\nanna,\(time)\n", schema: schema)?.place.line == 3)
    }

    @Test(
        "a time before the earliest plausible one is a bad row that names the flag",
        arguments: ["0001-01-01", "1900-01-01", "1970-01-01", "1989-12-31T23:59:59.999Z", "-99999999999"])
    func aTimeBeforeTheEarliestIsABadRow(time: String) {
        let times = time.hasPrefix("-") ? TimeParser(format: .unix(unitsPerSecond: 1)) : TimeParser()
        let error = tooMany(
            "user,time\nanna,1990-01-01\n".replacing("1990-01-01", with: time),
            schema: EventSchema(times: times))
        #expect(error?.place.line == 2)
        #expect(time.hasPrefix("-") || error?.problem.contains("(--earliest)") == true)
    }

    @Test("the first day of 1990 is plausible, and refused times name the flag of formats")
    func plausible() throws {
        #expect(try read("user,time\nanna,1990-01-01\n").count == 1)
        #expect(tooMany("user,time\nanna,31.01.2025\n")?.problem.contains("--time-format") == true)
    }

    @Test("without now no time lies in the future")
    func withoutNowNoTimeLiesInTheFuture() throws {
        #expect(try read("user,time\nanna,2999-01-01\n", schema: EventSchema()).count == 1)
    }

    @Test("the last millisecond before now is past")
    func theLastMillisecondBeforeNowIsPast() throws {
        #expect(try read("user,time\nanna,2025-12-31T23:59:59.999Z\n").count == 1)
    }

    @Test("the resolution is that of the finest row")
    func theResolutionIsThatOfTheFinestRow() throws {
        #expect(try read("user,time\na,2025-01-02\na,2025-01-03\n").resolution == .day)
        #expect(try read("user,time\na,2025-01-02\na,2025-01-03 10:00\n").resolution == .minute)
    }

    @Test("local times are those of the zone")
    func localTimesAreThoseOfTheZone() throws {
        let zone = try #require(ZoneDirectory.system.rules(named: "Europe/Amsterdam"))
        let schema = EventSchema(times: TimeParser(zone: zone), now: Self.now)
        #expect(
            rows(try read("user,time\na,2025-07-01 10:00\n", schema: schema)) == [
                "a event 2025-07-01T08:00:00Z"
            ])
    }
}
