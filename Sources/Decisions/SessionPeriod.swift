import LimpetEvents

/// The session or the silence that a moment belongs to.
enum SessionPeriod {
    /// The start of the session that runs at `asOf`; once it has ended, the first moment after its end, so
    /// that a cap on sessions holds in the silence between them too. Nil before the first event of the
    /// user's own.
    ///
    /// - Parameters:
    ///   - noEarlierThan: the search ends once the start is known to be at or before this.
    ///   - isOwn: whether the user caused an event; others extend no session.
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
