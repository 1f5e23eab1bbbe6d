public import LimpetFeatures

/// One user's part of the state machine: the history, the attention ledger, and how many decisions there
/// were.
public struct DecisionState: Sendable {
    /// The user's id.
    public let user: String
    /// The user's events, with the properties that the model or the policy reads.
    public internal(set) var history: LiveHistory
    /// What was shown.
    public internal(set) var ledger: AttentionLedger
    /// How many decisions were made; the next one has this number plus one.
    public internal(set) var decisionCount: Int

    /// The state of a user, new or from durable state; events are added by inputs.
    public init(
        user: String, plan: FeaturePlan, ledger: AttentionLedger = AttentionLedger(), decisionCount: Int = 0
    ) {
        self.user = user
        history = LiveHistory(plan: plan)
        self.ledger = ledger
        self.decisionCount = decisionCount
    }

    /// Enters a decision that was made before, as durable state holds it.
    public mutating func restore(sequence: Int, exposure: AttentionLedger.Exposure?) {
        decisionCount = max(decisionCount, sequence)
        if let exposure { ledger.charge(exposure) }
    }

    /// Brings the features up to date after late events; asking does it too, but does not keep it.
    public mutating func settle() { history.settle() }

    /// Takes a decision back that was never told, because its receipt could not be kept. Its number is not
    /// used again.
    public mutating func withdraw(_ receipt: Receipt) {
        if let exposure = receipt.exposure { ledger.refund(exposure) }
    }
}
