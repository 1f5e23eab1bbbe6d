public import LimpetFeatures

/// One user's state in the state machine: the history, the attention ledger, and the number of decisions.
public struct DecisionState: Sendable {
    /// The user's id.
    public let user: String
    /// The user's events, with the properties that the model or the policy reads.
    public internal(set) var history: LiveHistory
    /// The exposures of the user.
    public internal(set) var ledger: AttentionLedger
    /// The number of decisions made; the next one has this number plus one.
    public internal(set) var decisionCount: Int

    /// Creates the state of a user, new or from durable state; events are added by inputs.
    public init(
        user: String, plan: FeaturePlan, ledger: AttentionLedger = AttentionLedger(), decisionCount: Int = 0
    ) {
        self.user = user
        history = LiveHistory(plan: plan)
        self.ledger = ledger
        self.decisionCount = decisionCount
    }

    /// Restores a decision that was made before, from durable state.
    public mutating func restore(sequence: Int, exposure: AttentionLedger.Exposure?) {
        decisionCount = max(decisionCount, sequence)
        if let exposure { ledger.charge(exposure) }
    }

    /// Rebuilds the features after late events; reading features does so too, but does not keep the result.
    public mutating func settle() { history.settle() }

    /// Takes back a decision that was never returned, because its receipt could not be stored. Its number is
    /// not reused.
    public mutating func withdraw(_ receipt: Receipt) {
        if let exposure = receipt.exposure { ledger.refund(exposure) }
    }
}
