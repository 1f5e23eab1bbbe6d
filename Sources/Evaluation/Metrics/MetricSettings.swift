/// What the metrics of a report need to be told beside the outcomes.
public struct MetricSettings: Hashable, Sendable {
    /// Costs and gains of the campaign of EMPC.
    public var expectedMaximumProfit = ExpectedMaximumProfit.Parameters()
    /// Costs and gains at a threshold.
    public var profit = Profit()
    /// The threshold at which the profit is reported: users whose probability is at least this are contacted.
    /// Nil reports none.
    public var threshold: Double?
    /// The number of bins of the calibration error and of the parts of the Brier score.
    public var bins = 10

    /// Published costs, no threshold, ten bins.
    public init() {}
}
