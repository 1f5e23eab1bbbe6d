public import LimpetEvents
public import LimpetScoring

/// The record of one decision, including one for silence: enough to explain it, and to evaluate the policy
/// later.
public struct Receipt: Hashable, Sendable {
    /// The id, derived from the user and the sequence: the same in every replay.
    public let id: String
    /// The user.
    public let user: String
    /// The number of the decision among the user's decisions, from 1.
    public let sequence: Int
    /// The clock's time.
    public let now: Timestamp
    /// The as-of time of the decision: it used the user's events before this time, and the score is that of
    /// this time.
    public let time: Timestamp
    /// The cause of the decision.
    public let cause: Cause
    /// The score; nil where the user is not in the model's population.
    public let score: Scorer.Score?
    /// The topics that raise the risk most, at most three.
    public let reasons: [Reason]
    /// Every offer of the policy, in the order of the policy.
    public let candidates: [Candidate]
    /// The outcome.
    public let outcome: Outcome
    /// The exposure in the attention ledger; nil for silence.
    public let exposure: AttentionLedger.Exposure?
    /// The model's hash.
    public let modelHash: String
    /// The policy's hash.
    public let policyHash: String
    /// The probability with which the policy chose this outcome. The policy is deterministic, so this is 1.
    public let propensity: Double

    /// The cause of the decision.
    public enum Cause: Hashable, Sendable {
        /// An event of the user.
        case event(name: String, time: Timestamp, messageID: String?)
        /// A request of a placement; nil where it was not named.
        case ask(placement: String?)
    }

    /// An offer with the rules that excluded it.
    public struct Candidate: Hashable, Sendable {
        /// The offer's id.
        public let offer: String
        /// Every rule that excluded the offer, in a fixed order; empty for the one that was chosen.
        public let exclusions: [Exclusion]
        /// The result of its condition; nil where it was not evaluated.
        public let condition: ConditionTrace?
    }

    /// The outcome of a decision.
    public enum Outcome: Hashable, Sendable {
        /// An offer is shown to the user.
        case offer(String)
        /// Nothing is shown to the user.
        case silence(SilenceReason)
        /// The user is in the holdout; the associated value is the offer that would have been shown.
        case withheld(String)
    }

    /// The reason for silence.
    public enum SilenceReason: String, Hashable, Sendable {
        /// The user is not in the model's population.
        case population
        /// Each offer was excluded by a rule.
        case noCandidate
    }
}
