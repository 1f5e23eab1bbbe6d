/// The parameters of the metrics of a report, besides the outcomes.
public struct MetricSettings: Hashable, Sendable {
    /// The costs and gains of the campaign of EMPC.
    public var expectedMaximumProfit = ExpectedMaximumProfit.Parameters()
    /// The costs and gains of contacting at a threshold.
    public var profit = Profit()
    /// The threshold at which the profit is reported; nil to report none. Users whose probability is at least
    /// this are contacted.
    public var threshold: Double?
    /// The number of bins of the calibration error and of the decomposition of the Brier score.
    public var bins = 10

    /// Creates settings with published costs, no threshold and ten bins.
    public init() {}

    /// Creates settings whose costs and gains, also those of EMPC, are the given ones.
    public init(profit: Profit) {
        self.profit = profit
        expectedMaximumProfit.value = profit.value
        expectedMaximumProfit.incentiveCost = profit.offerCost
        expectedMaximumProfit.contactCost = profit.contactCost
    }
}
