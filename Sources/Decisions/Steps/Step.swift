/// The outcome of a step.
public struct Step: Sendable {
    /// The fate of the input.
    public var verdict: Verdict
    /// The record for the log; nil where nothing changed.
    public var record: DecisionRecord?
    /// The delivery that is handed out with the answer; nil for none.
    public var delivery: Delivery?
    /// The receipt of the decision that the answer is about; nil where none was made.
    public var receipt: StepReceipt?

    /// Creates an outcome.
    public init(
        verdict: Verdict, record: DecisionRecord? = nil, delivery: Delivery? = nil,
        receipt: StepReceipt? = nil
    ) {
        self.verdict = verdict
        self.record = record
        self.delivery = delivery
        self.receipt = receipt
    }

    /// The fates of inputs.
    public enum Verdict: Hashable, Sendable {
        /// It was taken.
        case taken
        /// It has come before, and changes nothing.
        case repetition(MessageMemory.Repetition)
        /// The user does not consent to the collection of events; what was said about consent was taken.
        case refused
        /// There was nothing to do.
        case idle
    }
}
