import LimpetDocuments
public import LimpetEvents
import LimpetFeatures
public import LimpetScoring

extension ModelLog {
    /// One user of a log that was read for a model.
    public struct User: Sendable {
        /// The user's id.
        public let id: String
        private let log: ModelLog
        /// The place of the user in the log.
        private let index: Int

        fileprivate init(id: String, log: ModelLog, index: Int) {
            (self.id, self.log, self.index) = (id, log, index)
        }

        /// Explains the user's score.
        ///
        /// - Parameter snapshotTime: the time of the score, which is of the events before it; nil for the end
        ///   of the log.
        public func explanation(at snapshotTime: Timestamp? = nil) throws -> Explanation {
            let (snapshotTime, plan) = (snapshotTime ?? log.dataUntil, log.plan)
            var state = UserState(plan: plan)
            var projection = EventProjection(plan: plan)
            try LogReader(log.log, plan: plan).load(user: index, into: &state, projection: &projection)
            return Explanation(
                log.verified, id: id, time: snapshotTime,
                isInPopulation: state.isInPopulation(at: snapshotTime),
                vector: state.features(at: snapshotTime),
                categoryName: CategoryNames(log.log, features: plan.featureSet.features).name)
        }

        /// Explains how the user's score changed from one time to another, event by event.
        public func change(between times: ClosedRange<Timestamp>) -> ScoreChange {
            log.verified.scorer.change(
                of: log.log.events(ofUser: index), plan: log.plan, between: times)
        }
    }

    /// Returns a user of the log.
    ///
    /// - Throws: `InputError` when no event is of the user.
    public func user(_ id: String) throws(InputError) -> User {
        guard let index = log.index(ofUser: id) else {
            throw InputError(InputPlace(file: source.name), "no event is of the user \(id.quoted)")
        }
        return User(id: id, log: self, index: index)
    }
}
