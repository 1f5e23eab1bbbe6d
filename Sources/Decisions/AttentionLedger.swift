public import LimpetDocuments
public import LimpetEvents

/// The exposures of one user: the single record from which the caps of all offers are computed.
///
/// Users in the holdout are charged for the offers that they would have seen, so that they stay eligible for
/// the same decisions as the users that they are compared with.
public struct AttentionLedger: Hashable, Sendable {
    /// An offer that was sent, or withheld from a user in the holdout.
    public struct Exposure: Hashable, Sendable {
        /// The offer's id.
        public var offer: String
        /// The clock's time of the decision, from which spacing, days and cooldowns are measured.
        public var time: Timestamp
        /// The as-of time of the history that the decision used, at or after ``time``; sessions are counted
        /// by it.
        public var asOf: Timestamp
        /// The civil day in the user's zone as it was known at the decision, counted from 1970-01-01.
        public var day: Int64
        /// True if the offer was withheld because the user is in the holdout.
        public var isWithheld: Bool

        /// Creates an exposure.
        public init(offer: String, time: Timestamp, asOf: Timestamp, day: Int64, isWithheld: Bool) {
            self.offer = offer
            self.time = time
            self.asOf = asOf
            self.day = day
            self.isWithheld = isWithheld
        }
    }

    /// The exposures in the order of the decisions, except those that no rule needs any more.
    public private(set) var exposures: [Exposure]

    /// Creates a ledger with the given exposures, e.g. from durable state.
    public init(exposures: [Exposure] = []) {
        self.exposures = exposures
    }

    /// Adds an exposure.
    public mutating func charge(_ exposure: Exposure) { exposures.append(exposure) }

    /// Removes the last exposure that equals the given one, e.g. because its receipt could not be stored.
    public mutating func refund(_ exposure: Exposure) {
        if let place = exposures.lastIndex(of: exposure) { exposures.remove(at: place) }
    }

    /// Returns the number of exposures with an as-of time at or after `asOf`; nil counts all.
    func count(sinceAsOf asOf: Timestamp?) -> Int {
        guard let asOf else { return exposures.count }
        return exposures.count { $0.asOf >= asOf }
    }

    /// Returns the number of exposures on a civil day.
    func count(onDay day: Int64) -> Int { exposures.count { $0.day == day } }

    /// Returns the number of exposures after a time.
    func count(after time: Timestamp) -> Int { exposures.count { $0.time > time } }

    /// Returns the latest time of an exposure, of one offer or of any; the maximum, since a clock can be set
    /// back.
    func lastExposure(of offer: String? = nil) -> Timestamp? {
        exposures.lazy.filter { offer == nil || $0.offer == offer }.map(\.time).max()
    }

    /// Removes the exposures that no rule needs any more: those before `time` and before `session`, except
    /// the latest of each offer.
    mutating func forget(before time: Timestamp, session: Timestamp?) {
        let limit = session.map { min($0, time) } ?? time
        var latest: VerbatimDictionary<Timestamp> = [:]
        for exposure in exposures {
            latest[exposure.offer] = max(latest[exposure.offer] ?? exposure.time, exposure.time)
        }
        exposures.removeAll { max($0.time, $0.asOf) < limit && latest[$0.offer] != $0.time }
    }
}
