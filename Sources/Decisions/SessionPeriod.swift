import LimpetEvents

/// The session, or the silence after a session, to which a time belongs.
enum SessionPeriod {
    /// Returns the start of the session that is active at `asOf`; once it has ended, the first time after its
    /// end, so that a cap on sessions also holds in the silence between them.
    ///
    /// Nil before the first of the user's own events.
    ///
    /// - Parameters:
    ///   - noEarlierThan: the search ends once the start is known to be at or before this time.
    ///   - isOwn: returns true if users cause events of a name; other events do not extend a session.
    static func start(
        at asOf: Timestamp, events: [Event], gap: TimeSpan, noEarlierThan: Timestamp?,
        isOwn: (String) -> Bool
    ) -> Timestamp? {
        let end = events.partitioningIndex { $0.time >= asOf }
        var start: Timestamp?
        for event in events[..<end].reversed() where isOwn(event.name) {
            guard let later = start else {
                guard event.time + gap >= asOf else {
                    return event.time + gap + TimeSpan(milliseconds: 1)
                }
                start = event.time
                continue
            }
            guard event.time + gap >= later else { return later }
            start = event.time
            if let limit = noEarlierThan, event.time <= limit { return event.time }
        }
        return start
    }
}
