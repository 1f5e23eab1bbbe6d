public import LimpetEvents

/// How much of one user's attention all offers together may take.
public struct Caps: Hashable, Sendable {
    /// Shows in one session at most.
    public var perSession: Int
    /// The least time from show to show; a show exactly that much later is allowed.
    public var spacing: TimeSpan
    /// Shows in one day at most.
    public var perDay: Int
    /// What a day is.
    public var day: Day
    /// A session ends when more than this passes between two of a user's own events.
    public var sessionGap: TimeSpan

    /// What ``perDay`` counts over.
    public enum Day: String, CaseIterable, Sendable {
        /// The civil day in the user's time zone.
        case civil
        /// The last 24 hours; a show exactly 24 hours ago no longer counts.
        case rolling
    }

    /// Makes caps; the defaults are 2 a session, 10 minutes apart, 3 a civil day, sessions of 30 minutes'
    /// silence.
    public init(
        perSession: Int = 2, spacing: TimeSpan = TimeSpan(milliseconds: 600_000), perDay: Int = 3,
        day: Day = .civil, sessionGap: TimeSpan = TimeSpan(milliseconds: 1_800_000)
    ) {
        self.perSession = perSession
        self.spacing = spacing
        self.perDay = perDay
        self.day = day
        self.sessionGap = sessionGap
    }
}
