/// The fields of a time as a text gives them, before a zone turns them into a timestamp.
struct LocalTime {
    var year = 1970
    var month = 1
    var day = 1
    var dayOfYear: Int?
    var hour = 0
    var isAfternoon: Bool?
    var minute = 0
    var second = 0
    var millisecond = 0
    var zoneOffsetMinutes: Int?
    /// True for `Z` and Unix seconds, which give the time but not the local offset.
    var isZulu = false
    var unixSeconds: Int64?

    init() {}

    init(year: Int, month: Int, day: Int) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Milliseconds since 1970 with the wall clock taken as UTC; nil when a field is out of range.
    ///
    /// A leap second, 60, is the first second of the next minute, as in POSIX time.
    var millisecondsSince1970: Int64? {
        if let unixSeconds {
            guard unixSeconds.magnitude < 1 << 42 else { return nil }
            return unixSeconds * 1_000 + Int64(millisecond)
        }
        guard let hour = hourOfDay, (0...59).contains(minute), (0...60).contains(second), let days = dayNumber
        else { return nil }
        let seconds = Int64(hour * 3_600 + minute * 60 + second)
        return days * TimeSpan.day.milliseconds + seconds * 1_000 + Int64(millisecond)
    }

    private var hourOfDay: Int? {
        guard let isAfternoon else { return (0...23).contains(hour) ? hour : nil }
        return (1...12).contains(hour) ? hour % 12 + (isAfternoon ? 12 : 0) : nil
    }

    private var dayNumber: Int64? {
        guard let dayOfYear else { return CivilDate(year: year, month: month, day: day)?.dayNumber }
        guard (1...(CivilDate.isLeap(year) ? 366 : 365)).contains(dayOfYear) else { return nil }
        return CivilDate(year: year, month: 1, day: 1).map { $0.dayNumber + Int64(dayOfYear - 1) }
    }
}
