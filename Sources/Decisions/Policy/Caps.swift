public import LimpetEvents

/// The frequency caps of all offers together for one user.
public struct Caps: Hashable, Sendable {
    /// The maximum number of exposures in one session.
    public var perSession: Int
    /// The least time between two exposures; exactly this much later is allowed.
    public var spacing: TimeSpan
    /// The maximum number of exposures in one day.
    public var perDay: Int
    /// The kind of day over which ``perDay`` counts.
    public var day: Day
    /// The session timeout: a session ends when more than this passes between two of a user's own events.
    public var sessionGap: TimeSpan

    /// The kinds of days over which ``perDay`` counts.
    public enum Day: String, CaseIterable, Sendable {
        /// The civil day in the user's time zone.
        case civil
        /// The last 24 hours; an exposure exactly 24 hours ago no longer counts.
        case rolling
    }

    /// Creates caps; the defaults are 2 exposures a session, 10 minutes apart, 3 a civil day, and sessions
    /// that end after 30 minutes of silence.
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
