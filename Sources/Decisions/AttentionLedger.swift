public import LimpetEvents

/// What has been shown to one user: the one record that every offer draws on.
///
/// Users in the holdout are charged for what they would have seen, so that they stay eligible for the same
/// decisions as the users that they are compared with.
public struct AttentionLedger: Hashable, Sendable {
    /// An offer that was sent, or withheld from a user in the holdout.
    public struct Show: Hashable, Sendable {
        /// The offer's id.
        public var offer: String
        /// The clock's time of the decision; spacing, days and cooldowns count from here.
        public var time: Timestamp
        /// The moment whose history the decision saw, at or after ``time``; sessions are counted by it.
        public var moment: Timestamp
        /// The civil day in the user's zone as it was known then, counted from 1970-01-01.
        public var day: Int64
        /// Whether it was withheld: the user is in the holdout.
        public var isWithheld: Bool

        /// Makes an entry.
        public init(offer: String, time: Timestamp, moment: Timestamp, day: Int64, isWithheld: Bool) {
            self.offer = offer
            self.time = time
            self.moment = moment
            self.day = day
            self.isWithheld = isWithheld
        }
    }

    /// The shows in the order of the decisions, as far as a rule can still ask for them.
    public private(set) var shows: [Show]

    /// A ledger with these shows, e.g. from durable state.
    public init(shows: [Show] = []) {
        self.shows = shows
    }

    /// Enters a show.
    public mutating func charge(_ show: Show) { shows.append(show) }

    /// Takes back the last entry that equals this one, e.g. because its receipt could not be kept.
    public mutating func refund(_ show: Show) {
        if let place = shows.lastIndex(of: show) { shows.remove(at: place) }
    }

    /// Shows whose decision saw the history up to `moment` or a later one.
    func count(sinceMoment moment: Timestamp?) -> Int {
        guard let moment else { return shows.count }
        return shows.count { $0.moment >= moment }
    }

    /// Shows on a civil day.
    func count(onDay day: Int64) -> Int { shows.count { $0.day == day } }

    /// Shows after a time.
    func count(after time: Timestamp) -> Int { shows.count { $0.time > time } }

    /// The latest time of a show, of one offer or of any; the latest, since a clock can be set back.
    func lastShow(of offer: String? = nil) -> Timestamp? {
        shows.lazy.filter { offer == nil || $0.offer == offer }.map(\.time).max()
    }

    /// Forgets what no rule can ask for again: all before `time` and before `session`, but for the latest
    /// show of each offer.
    mutating func forget(before time: Timestamp, session: Timestamp?) {
        let limit = session.map { min($0, time) } ?? time
        var latest: [String: Timestamp] = [:]
        for show in shows { latest[show.offer] = max(latest[show.offer] ?? show.time, show.time) }
        shows.removeAll { max($0.time, $0.moment) < limit && latest[$0.offer] != $0.time }
    }
}
