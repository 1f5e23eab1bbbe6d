public import LimpetEvents

/// The time that counts for an event, from the sender's two readings of its clock and the arrival.
///
/// A sender whose clock is wrong is wrong by the same amount in both readings: with the time of sending, the
/// event lies as long before its arrival as the sender says. That leaves the time on the way, which is short.
public struct EventTiming: Hashable, Sendable {
    /// The time that counts; never after the arrival.
    public let time: Timestamp
    /// The sender's time where another one counts; nil otherwise.
    public let original: Timestamp?
    /// The corrections: of the sender's clock by more than a minute, and of a time after the arrival.
    public let flags: IncomingEvent.Flags

    /// The correction from which on an event triggers nothing.
    public static let tolerance = TimeSpan.minute

    /// Finds the time of an event.
    ///
    /// - Parameters:
    ///   - timestamp: the time of the event by the sender's clock.
    ///   - sent: the time of sending by the same clock; nil where it is not given.
    ///   - received: the time of arrival by this machine's clock.
    public init(timestamp: Timestamp, sent: Timestamp?, received: Timestamp) {
        var time = timestamp
        var flags: IncomingEvent.Flags = []
        if let sent {
            let correction = received.milliseconds.subtractingReportingOverflow(sent.milliseconds)
            let moved = timestamp.milliseconds.addingReportingOverflow(correction.partialValue)
            if !correction.overflow, !moved.overflow {
                time = Timestamp(milliseconds: moved.partialValue)
                if correction.partialValue.magnitude > Self.tolerance.milliseconds.magnitude {
                    flags.insert(.corrected)
                }
            }
        }
        if time > received {
            time = received
            flags.insert(.clamped)
        }
        self.time = time
        self.flags = flags
        original = time == timestamp ? nil : timestamp
    }
}
