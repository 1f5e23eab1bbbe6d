import LimpetNumerics
public import LimpetScoring

/// The population stability index: how far a distribution has moved between training and today.
///
/// The index is `Σ (a − e) · ln(a / e)` over the bins, with the shares `a` of the rows of today and `e` of
/// those of training, each row counted as often as its weight says. A bin that is empty on one side counts as
/// half a row there, or as what the other side leads one to expect where that is less; one that is empty on
/// both sides counts for nothing. So the index is symmetric, and 0 for the same shares, whatever the number
/// of rows and bins; by convention it deserves attention from 0.1 on and an alarm from 0.25 on. With chance
/// alone its mean is about `(B − 1)(1/n + 1/m)` for `B` bins with rows and its standard deviation
/// `√(2(B − 1)) · (1/n + 1/m)`, since the index divided by `1/n + 1/m` is then distributed like χ² with
/// `B − 1` degrees of freedom (B. Yurdakul, 2018). An index within three standard deviations of that mean is
/// attributed to chance, whatever its size.
public struct PopulationStability: Hashable, Sendable {
    /// The population stability index.
    public var index: Double
    /// The mean of the index without drift.
    public var expected: Double
    /// The bound that the index exceeds by chance about once in a few hundred: three standard deviations
    /// above the mean.
    public var bound: Double
    /// The share of missing values in training.
    public var trainingMissing: Double
    /// The share of missing values today.
    public var missing: Double
    /// The index of the bin that moved most; the bin of missing values is the last.
    public var movedMost: Int

    /// The interpretation of the index.
    public enum Verdict: String, Sendable {
        /// Within what chance explains.
        case chance
        /// An index below 0.1.
        case stable
        /// An index from 0.1 on.
        case moving
        /// An index from 0.25 on.
        case shifted
    }

    /// Compares counts of the same bins; nil when either side has no rows.
    ///
    /// - Parameter countsMissing: false to compare rows with a value alone; the shares of missing values are
    ///   those of all rows all the same.
    public init?(
        training: TrainingSummary.Distribution, today: TrainingSummary.Distribution,
        countsMissing: Bool = true
    ) {
        let missing = countsMissing ? (training.missing, today.missing) : (0, 0)
        let (old, new) = (training.counts + [missing.0], today.counts + [missing.1])
        let (m, n) = (old.reduce(0, +), new.reduce(0, +))
        guard m > 0, n > 0, old.count == new.count else { return nil }
        var (index, most, place) = (0.0, -1.0, 0)
        var live = 0
        // A bin that is empty on both sides adds nothing, and chance cannot change it.
        for bin in old.indices where old[bin] + new[bin] > 0 {
            live += 1
            let (e, a) = (old[bin] / m, new[bin] / n)
            let expected = e > 0 ? e : min(a, 0.5 / m)
            let actual = a > 0 ? a : min(e, 0.5 / n)
            let part = (actual - expected) * ElementaryFunctions.log(actual / expected)
            index += part
            if part > most { (most, place) = (part, bin) }
        }
        let degrees = Double(max(live - 1, 0))
        self.index = index
        self.expected = degrees * (1 / n + 1 / m)
        bound = expected + 3 * (2 * degrees).squareRoot() * (1 / n + 1 / m)
        (trainingMissing, self.missing) = (training.missingShare, today.missingShare)
        movedMost = place
    }

    /// The interpretation of the index.
    public var verdict: Verdict {
        guard index > bound else { return .chance }
        return index < 0.1 ? .stable : index < 0.25 ? .moving : .shifted
    }
}

extension TrainingSummary.Distribution {
    /// The share of the rows in which the input is missing.
    fileprivate var missingShare: Double {
        let rows = counts.reduce(missing, +)
        return rows > 0 ? missing / rows : 0
    }
}
