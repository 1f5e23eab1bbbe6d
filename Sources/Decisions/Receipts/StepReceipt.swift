public import LimpetEvents
package import LimpetScoring

/// The record of one decision as few bytes: what was found, by places in the policy and the model.
///
/// With the policy and the model that the record's generation names, ``ReceiptDocument`` makes JSON of it.
public struct StepReceipt: Hashable, Sendable {
    /// The number of the decision among the user's, from 1.
    public var sequence: Int
    /// The as-of time: the decision used the user's events before it.
    public var asOf: Timestamp
    /// The cause.
    public var cause: Cause
    /// The score; nil where the user is not in the model's population, or scores are not made of them.
    public var score: Score?
    /// The topics that raise the risk most.
    package var reasons: [LeadingTopic] = []
    /// The offers that were looked at, in the order of the policy.
    public var candidates: [Candidate] = []
    /// The outcome.
    public var outcome: Outcome
    /// The bin of each of the model's inputs from 1, 0 for missing ones, where the user was eligible for an
    /// offer for the first time.
    public var bins: [UInt16] = []

    /// The cause of a decision, beside the record's input.
    public enum Cause: Hashable, Sendable {
        /// The input of the record.
        case input
        /// A timer of an offer.
        case timer(offer: Int, PendingTimer.Kind)
        /// The fate of a delivery that waited, by the receipt of its decision.
        case delivery(ReceiptID)
    }

    /// A score.
    public struct Score: Hashable, Sendable {
        /// The log-odds.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double
    }

    /// An offer with the rules that excluded it.
    public struct Candidate: Hashable, Sendable {
        /// The offer's place in the policy.
        public var offer: Int
        /// Every rule that excluded it; empty for the one that was chosen.
        public var exclusions: [Exclusion]
        /// The findings of its trigger's conditions and of its condition, by leaf; empty where they were not
        /// evaluated.
        public var findings: [LeafFinding]
    }

    /// The outcome of a decision.
    public enum Outcome: Hashable, Sendable {
        /// An offer goes to the user: at once, or when it is handed out.
        case offer(Int)
        /// The offer would have gone to the user, who is in the holdout.
        case withheld(Int)
        /// Nothing goes to the user.
        case silence(Silence)
        /// A reservation was taken back.
        case released(Effect.Release)
    }

    /// The name of the outcome in receipts.
    public var outcomeName: String {
        switch outcome {
        case .offer: "offer"
        case .withheld: "withheld"
        case .silence: "silence"
        case .released: "released"
        }
    }

    /// The reasons for silence.
    public enum Silence: UInt8, CaseIterable, Sendable {
        /// The user is not in the model's population.
        case population = 0
        /// Each offer was excluded by a rule.
        case noCandidate = 1
        /// A trigger came due too late to be of use.
        case stale = 2
        /// All offers are stopped.
        case stopped = 3
        /// Nothing is known about the user.
        case unknownUser = 4

        /// The name in receipts.
        public var name: String {
            switch self {
            case .population: "population"
            case .noCandidate: "noCandidate"
            case .stale: "stale"
            case .stopped: "stopped"
            case .unknownUser: "unknownUser"
            }
        }
    }

    /// The place of the offer that is shown, or would have been.
    public var chosen: Int? {
        switch outcome {
        case .offer(let place), .withheld(let place): place
        case .silence, .released: nil
        }
    }
}

/// The finding of a leaf of a condition.
public struct LeafFinding: Hashable, Sendable {
    /// The kinds of values.
    public enum Value: Hashable, Sendable {
        /// None, or one that the condition does not name.
        case none
        /// The score of the receipt.
        case score
        /// A number.
        case number(Double)
        /// A count, or a length of time in milliseconds.
        case count(Int)
        /// The place of a text among those of the condition.
        case text(Int)
    }

    /// True if the condition held.
    public var holds: Bool
    /// The value.
    public var value: Value

    /// Creates a finding.
    public init(_ holds: Bool, _ value: Value) {
        self.holds = holds
        self.value = value
    }
}
