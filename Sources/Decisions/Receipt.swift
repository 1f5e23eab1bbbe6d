public import LimpetEvents
public import LimpetScoring

/// The record of one decision, also of one to stay silent: enough to see why, and to judge the policy later.
public struct Receipt: Hashable, Sendable {
    /// Follows from the user and the sequence: the same in every replay.
    public let id: String
    /// The user.
    public let user: String
    /// The number of the decision among the user's, from 1.
    public let sequence: Int
    /// The clock's time.
    public let now: Timestamp
    /// The moment of the decision: it saw the user's events before it, and the score is the score at it.
    public let time: Timestamp
    /// What asked for the decision.
    public let cause: Cause
    /// The score; nil where the model does not speak about the user.
    public let score: Scorer.Score?
    /// What raises the risk most, at most three.
    public let reasons: [Reason]
    /// Every offer of the policy, in its order.
    public let candidates: [Candidate]
    /// What came of it.
    public let outcome: Outcome
    /// The entry in the attention ledger; nil for silence.
    public let exposure: AttentionLedger.Exposure?
    /// The model's hash.
    public let modelHash: String
    /// The policy's hash.
    public let policyHash: String
    /// The probability with which the policy chose what it chose. The policy is deterministic, so this is 1.
    public let propensity: Double

    /// What asked for a decision.
    public enum Cause: Hashable, Sendable {
        /// An event of the user.
        case event(name: String, time: Timestamp, messageID: String?)
        /// A placement, if it said which.
        case ask(placement: String?)
    }

    /// An offer with what kept it back.
    public struct Candidate: Hashable, Sendable {
        /// The offer's id.
        public let offer: String
        /// Every rule that excluded it, in a fixed order; empty for the one that was chosen.
        public let exclusions: [Exclusion]
        /// How its condition came out; nil where it was not evaluated.
        public let condition: ConditionTrace?
    }

    /// What came of a decision.
    public enum Outcome: Hashable, Sendable {
        /// An offer goes to the user.
        case offer(String)
        /// Nothing goes to the user.
        case silence(SilenceReason)
        /// The user is in the holdout; the offer that would have gone.
        case withheld(String)
    }

    /// Why nothing goes to a user.
    public enum SilenceReason: String, Hashable, Sendable {
        /// The user is not one of those that the model speaks about.
        case population
        /// Each offer was excluded by a rule.
        case noCandidate
    }
}
