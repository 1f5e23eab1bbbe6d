import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct TimeFormatTests {
    @Test(
        "a setting gives its format and the format its setting",
        arguments: ["auto", "s", "ms", "us", "ns", "%F %T"])
    func settings(setting: String) {
        #expect(TimeFormat(setting: setting)?.setting == setting)
    }

    @Test("a setting without a field is refused", arguments: ["", "iso", "S", "seconds", "yyyy-MM-dd"])
    func refused(setting: String) {
        #expect(TimeFormat(setting: setting) == nil)
    }

    @Test(
        "a time is rounded up to the end of its unit",
        arguments: [
            (.millisecond, "2025-03-29T12:30:15.250Z", "2025-03-29T12:30:15.251Z"),
            (.second, "2025-03-29T12:30:15.250Z", "2025-03-29T12:30:16Z"),
            (.second, "2025-03-29T12:30:15Z", "2025-03-29T12:30:16Z"),
            (.minute, "2025-03-29T12:30:15Z", "2025-03-29T12:31:00Z"),
            (.day, "2025-03-29T22:59:59Z", "2025-03-29T23:00:00Z"),
            (.day, "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"),
            (.day, "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z"),
            (.second, "1969-12-31T23:59:58.500Z", "1969-12-31T23:59:59Z"),
        ] as [(TimeResolution, String, String)])
    func roundingUp(resolution: TimeResolution, text: String, end: String) throws {
        let amsterdam = try TestZones.zone("Europe/Amsterdam")
        let time = try #require(TimeParser().parse(text)).timestamp
        #expect(resolution.roundUp(time, in: amsterdam).description == end)
    }

    @Test("finer resolutions come first")
    func order() {
        #expect(TimeResolution.allCases.sorted() == [.millisecond, .second, .minute, .day])
    }
}
