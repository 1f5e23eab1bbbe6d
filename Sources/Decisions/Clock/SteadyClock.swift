public import LimpetEvents

/// The clock of a service: it follows the time since boot, and never goes back.
///
///     var clock = try SteadyClock(wall: wall, boot: boot, last: lastRecord)
///     let now = clock.now(wall: wall, boot: boot)
///
/// A wall clock that is set while the service runs changes nothing at first: from ``tolerance`` on the clock
/// is not trusted, until both agree again or somebody accepts the wall clock.
public struct SteadyClock: Sendable {
    private var anchorWall: Int64
    private var anchorBoot: Int64
    /// The latest time that was told.
    public private(set) var latest: Timestamp
    /// The wall clock's distance from this clock at the last reading: positive where it is ahead.
    public private(set) var drift = TimeSpan(milliseconds: 0)

    /// The distance of the wall clock from which on the clock is not trusted, 60 seconds.
    public static let tolerance = TimeSpan.minute
    /// The time by which a start may lie before the last record, 5 minutes.
    public static let startTolerance = TimeSpan(milliseconds: 300_000)

    /// Creates a clock at a start.
    ///
    /// - Parameters:
    ///   - wall: the wall clock's time.
    ///   - boot: the milliseconds since boot, which no setting of clocks changes.
    ///   - last: the time of the last record; nil for none.
    ///   - isAccepted: true to go on from the last record, although the wall clock is behind it.
    /// - Throws: ``SteadyClockError`` when the wall clock is too far behind the last record.
    public init(
        wall: Timestamp, boot: Int64, last: Timestamp?, isAccepted: Bool = false
    ) throws(SteadyClockError) {
        if let last, !isAccepted, wall < last - Self.startTolerance {
            throw SteadyClockError(wall: wall, last: last)
        }
        anchorWall = wall.milliseconds
        anchorBoot = boot
        latest = max(wall, last ?? wall)
    }

    /// Returns the time now, not before any that was told.
    public mutating func now(wall: Timestamp, boot: Int64) -> Timestamp {
        let steady = Timestamp(milliseconds: anchorWall + (boot - anchorBoot))
        drift = TimeSpan(milliseconds: wall.milliseconds - steady.milliseconds)
        latest = max(latest, steady)
        return latest
    }

    /// True while the wall clock agrees with this one.
    public var isTrusted: Bool { drift.milliseconds.magnitude <= Self.tolerance.milliseconds.magnitude }

    /// Goes on by the wall clock; where that is behind, time stands still until it has come up.
    public mutating func accept(wall: Timestamp, boot: Int64) {
        (anchorWall, anchorBoot) = (wall.milliseconds, boot)
        drift = TimeSpan(milliseconds: 0)
    }
}

/// The error of a start whose clock lies before the last record.
public struct SteadyClockError: Error, Hashable, CustomStringConvertible {
    /// The wall clock's time.
    public let wall: Timestamp
    /// The time of the last record.
    public let last: Timestamp

    /// A sentence that says what is wrong, for people.
    public var description: String {
        "the clock says \(wall), and the last record is of \(last): set the clock right, "
            + "or start with --accept-clock if the record's was wrong"
    }
}
