import LimpetDocuments
import ArgumentParser
import LimpetEvaluation
import LimpetScoring

/// The flags of an offer's costs and gains, for the profit at a threshold and for EMPC.
struct ProfitOptions: ParsableArguments {
    @Option(help: "What keeping a user is worth (default: 200).")
    var profitValue: Double?

    @Option(
        help:
            "Probability that the offer keeps a user who would leave; EMPC draws its own (default: 0.3).")
    var profitSuccess: Double?

    @Option(help: "What the offer costs when it is taken (default: 10).")
    var offerCost: Double?

    @Option(help: "What reaching a user costs (default: 1).")
    var contactCost: Double?

    @Option(
        help: """
            The input that holds what keeping each user is worth; where it is missing, --profit-value \
            counts.
            """)
    var valueInput: String?

    /// True when any of the flags was given.
    var isGiven: Bool { profitFlags.contains { $0.isGiven } }

    /// The flags with whether each was given, so that commands that do not read them can refuse them.
    var profitFlags: [(name: String, isGiven: Bool)] {
        [
            ("--profit-value", profitValue != nil), ("--profit-success", profitSuccess != nil),
            ("--offer-cost", offerCost != nil), ("--contact-cost", contactCost != nil),
            ("--value-input", valueInput != nil),
        ]
    }

    func validate() throws { _ = try settings() }

    /// Returns the costs of the flags, else the usual ones.
    ///
    /// - Throws: `ValidationError` where they make no sense together.
    func settings(usual: Profit = Profit()) throws -> MetricSettings {
        let profit = Profit(
            value: profitValue ?? usual.value,
            successProbability: profitSuccess ?? usual.successProbability,
            offerCost: offerCost ?? usual.offerCost, contactCost: contactCost ?? usual.contactCost)
        try Self.check(profit)
        return MetricSettings(profit: profit)
    }

    private static func check(_ profit: Profit) throws {
        let success = profit.successProbability
        guard (0...1).contains(success) else {
            throw ValidationError("--profit-success is \(success), expected a probability from 0 to 1")
        }
        let (offer, contact) = (profit.offerCost, profit.contactCost)
        guard offer >= 0, offer < .infinity, contact >= 0, contact < .infinity else {
            throw ValidationError("--offer-cost and --contact-cost are amounts of 0 or more")
        }
        guard profit.value > offer, profit.value < .infinity else {
            throw ValidationError(
                "--profit-value is \(profit.value), expected more than the offer costs, \(offer)")
        }
    }

    /// Returns the index of the input that holds values; nil where none does.
    ///
    /// - Parameter usual: the input of the model, where no flag names one.
    /// - Throws: `ValidationError` when it is no number among the inputs.
    func valuePlace(_ inputs: [Model.Input], usual: String? = nil) throws -> Int? {
        guard let name = valueInput ?? usual else { return nil }
        guard let place = inputs.firstIndex(where: { $0.name.isVerbatim(name) && !$0.isCategorical }) else {
            let numbers = inputs.filter { !$0.isCategorical }.prefix(8).map(\.name).joined(separator: ", ")
            throw ValidationError(
                "--value-input \(name) is no number among the inputs; the first are \(numbers)")
        }
        return place
    }

    /// Returns the threshold and the costs by which a model is evaluated: those of the flags, else its own.
    ///
    /// - Throws: `ValidationError` where the costs make no sense together.
    func decision(threshold: Double?, model: Model) throws -> UsedDecision {
        UsedDecision(
            try settings(usual: model.decision.map { Profit($0) } ?? Profit()), threshold: threshold,
            valuePlace: try valuePlace(model.inputs, usual: model.decision?.valueInput), model: model)
    }
}
