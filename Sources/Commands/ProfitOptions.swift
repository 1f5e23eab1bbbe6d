import ArgumentParser
import LimpetEvaluation

/// What an offer costs and gains, for the profit at a threshold and for EMPC.
struct ProfitOptions: ParsableArguments {
    @Option(help: "What keeping a user is worth.")
    var profitValue = Profit().value

    @Option(help: "Probability that the offer keeps a user who would leave (EMPC draws its own).")
    var profitSuccess = Profit().successProbability

    @Option(help: "What the offer costs when it is taken.")
    var offerCost = Profit().offerCost

    @Option(help: "What reaching a user costs.")
    var contactCost = Profit().contactCost

    @Option(
        help:
            "Users whose probability is at least this get the offer; the profit is reported. Choose it on earlier data."
    )
    var profitThreshold: Double?

    var settings: MetricSettings {
        var settings = MetricSettings()
        settings.profit = Profit(
            value: profitValue, successProbability: profitSuccess, offerCost: offerCost,
            contactCost: contactCost)
        settings.expectedMaximumProfit.value = profitValue
        settings.expectedMaximumProfit.incentiveCost = offerCost
        settings.expectedMaximumProfit.contactCost = contactCost
        settings.threshold = profitThreshold
        return settings
    }

    func validate() throws {
        guard (0...1).contains(profitSuccess) else {
            throw ValidationError("--profit-success is \(profitSuccess), expected a probability from 0 to 1")
        }
        guard offerCost >= 0, offerCost < .infinity, contactCost >= 0, contactCost < .infinity else {
            throw ValidationError("--offer-cost and --contact-cost are amounts of 0 or more")
        }
        guard profitValue > offerCost, profitValue < .infinity else {
            throw ValidationError(
                "--profit-value is \(profitValue), expected more than the offer costs, \(offerCost)")
        }
        guard (profitThreshold ?? 0.5).isFinite else {
            throw ValidationError("--profit-threshold is a probability")
        }
    }
}
