public import LimpetEvents

/// The profile of an event log, with findings that deserve a closer look. The article "Data profile" lists
/// the rules and their numbers.
public struct LogProfile: Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of users.
    public let users: Int
    /// The number of rows that repeat a message id, which are left out.
    public let repeatedMessages: Int
    /// The finest unit in which times are written.
    public let resolution: TimeResolution
    /// The times of the first and of the last event.
    public let span: (first: Timestamp, last: Timestamp)
    /// The zone of civil days and hours.
    public let zone: String
    /// The profiles of the events, the most frequent first.
    public let events: [EventProfile]
    /// The profiles of the properties, ordered by name.
    public let properties: [PropertyProfile]
    /// The number of events by civil day.
    public let days: DayProfile
    /// The number of events by hour of the day in the zone.
    public let hours: [Int]
    /// The number of events by day of the week in the zone, from Monday.
    public let weekdays: [Int]
    /// The number of events per user: the least, quartiles, the 99th percentile and the most.
    public let eventsPerUser: Quantiles
    /// The number of rows that equal an earlier one of the same user in time, name and all properties.
    public let identicalRows: Int
    /// The lateness of rows, where the order of arrival is known.
    public let lateness: Lateness
    /// The rates of labels by inactivity, for the horizons that the span allows.
    public let labels: [SilenceLabel]
    /// The offsets from UTC that rows have, in minutes, with their number of rows.
    public let offsets: [(minutes: Int, rows: Int)]
    /// Users whose number of events or whose id is suspicious.
    public let suspects: [Suspect]

    /// Makes the profile of a log whose order of arrival is kept and whose properties are read as texts.
    ///
    /// - Throws: ``ProfileError`` when the log is empty.
    public init(_ log: EventLog, zone: TimeZoneRules) throws(ProfileError) {
        guard let span = log.span else { throw .empty }
        rows = log.count
        users = log.users.count
        repeatedMessages = log.duplicateCount
        resolution = log.resolution
        self.span = span
        self.zone = zone.name
        events = EventProfile.all(of: log)
        properties = PropertyProfile.all(of: log)
        let calendar = CalendarCounts(log, zone: zone)
        days = DayProfile(counts: calendar.days, firstDay: calendar.firstDay)
        (hours, weekdays) = (calendar.hours, calendar.weekdays)
        eventsPerUser = Quantiles(log.users.indices.map { log.rows(ofUser: $0).count })
        identicalRows = Repetitions.count(in: log)
        lateness = Lateness(log)
        labels = SilenceLabel.all(of: log, zone: zone)
        offsets = Self.offsets(of: log)
        suspects = Suspect.all(of: log)
    }

    private static func offsets(of log: EventLog) -> [(minutes: Int, rows: Int)] {
        guard let offsets = log.zoneOffsets else { return [] }
        var rows: [Int16: Int] = [:]
        for offset in offsets where offset != EventLog.noZoneOffset { rows[offset, default: 0] += 1 }
        return rows.map { (Int($0.key), $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }
}

/// The reason why a log has no profile.
public enum ProfileError: Error, Hashable, CustomStringConvertible {
    /// There are no events.
    case empty

    /// The error as a sentence.
    public var description: String { "there are no events to describe" }
}

/// The quantiles of whole numbers (type 1 of R. Hyndman and Y. Fan, 1996: each is one of the values).
public struct Quantiles: Hashable, Sendable {
    /// The least value.
    public let least: Int
    /// The first quartile.
    public let quarter: Int
    /// The median.
    public let half: Int
    /// The third quartile.
    public let threeQuarters: Int
    /// The 99th percentile.
    public let percentile99: Int
    /// The greatest value.
    public let most: Int

    init(_ values: [Int]) {
        let sorted = values.sorted()
        func point(_ share: Double) -> Int {
            guard !sorted.isEmpty else { return 0 }
            let place = (share * Double(sorted.count)).rounded(.up)
            return sorted[max(0, min(sorted.count - 1, Int(place) - 1))]
        }
        (least, quarter, half) = (point(0), point(0.25), point(0.5))
        (threeQuarters, percentile99, most) = (point(0.75), point(0.99), point(1))
    }
}
