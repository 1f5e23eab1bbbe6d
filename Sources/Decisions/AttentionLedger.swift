public import LimpetEvents

/// What has been shown to one user: the one record that every offer draws on.
///
/// Users in the holdout are charged for what they would have seen, so that they stay eligible for the same
/// decisions as the users that they are compared with.
public struct AttentionLedger: Hashable, Sendable {
    /// An offer that was sent, or withheld from a user in the holdout.
    public struct Exposure: Hashable, Sendable {
        /// The offer's id.
        public var offer: String
        /// The clock's time of the decision; spacing, days and cooldowns count from here.
        public var time: Timestamp
        /// The moment whose history the decision saw, at or after ``time``; sessions are counted by it.
        public var asOf: Timestamp
        /// The civil day in the user's zone as it was known then, counted from 1970-01-01.
        public var day: Int64
        /// Whether it was withheld: the user is in the holdout.
        public var isWithheld: Bool

        /// Makes an entry.
        public init(offer: String, time: Timestamp, asOf: Timestamp, day: Int64, isWithheld: Bool) {
            self.offer = offer
            self.time = time
            self.asOf = asOf
            self.day = day
            self.isWithheld = isWithheld
        }
    }

    /// The exposures in the order of the decisions, as far as a rule can still ask for them.
    public private(set) var exposures: [Exposure]

    /// A ledger with these exposures, e.g. from durable state.
    public init(exposures: [Exposure] = []) {
        self.exposures = exposures
    }

    /// Enters a show.
    public mutating func charge(_ exposure: Exposure) { exposures.append(exposure) }

    /// Takes back the last entry that equals this one, e.g. because its receipt could not be kept.
    public mutating func refund(_ exposure: Exposure) {
        if let place = exposures.lastIndex(of: exposure) { exposures.remove(at: place) }
    }

    /// Shows whose decision saw the history up to `asOf` or a later one.
    func count(sinceAsOf asOf: Timestamp?) -> Int {
        guard let asOf else { return exposures.count }
        return exposures.count { $0.asOf >= asOf }
    }

    /// Shows on a civil day.
    func count(onDay day: Int64) -> Int { exposures.count { $0.day == day } }

    /// Shows after a time.
    func count(after time: Timestamp) -> Int { exposures.count { $0.time > time } }

    /// The latest time of a show, of one offer or of any; the latest, since a clock can be set back.
    func lastShow(of offer: String? = nil) -> Timestamp? {
        exposures.lazy.filter { offer == nil || $0.offer == offer }.map(\.time).max()
    }

    /// Forgets what no rule can ask for again: all before `time` and before `session`, but for the latest
    /// show of each offer.
    mutating func forget(before time: Timestamp, session: Timestamp?) {
        let limit = session.map { min($0, time) } ?? time
        var latest: [String: Timestamp] = [:]
        for exposure in exposures {
            latest[exposure.offer] = max(latest[exposure.offer] ?? exposure.time, exposure.time)
        }
        exposures.removeAll { max($0.time, $0.asOf) < limit && latest[$0.offer] != $0.time }
    }
}
