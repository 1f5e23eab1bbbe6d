import LimpetEvents

/// Some users of a log, with all of their events.
struct LogPart {
    /// The log that holds the users: a partition of a columnar log, or all of another.
    let log: EventLog
    /// The users, as indices into the log's.
    let users: Range<Int>
    /// The index of the log's first user among those of all partitions.
    let firstUser: Int
    /// The names of the events of all partitions.
    let known: KnownEvents
    /// The share of the events that are done with the part, from 0 to 1.
    let share: Double

    /// True for the part that comes first of all.
    var isFirst: Bool { firstUser + users.lowerBound == 0 }

    /// True for the part that comes first of its log.
    var isFirstOfLog: Bool { users.lowerBound == 0 }
}
