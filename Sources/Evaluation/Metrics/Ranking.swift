/// Metrics of how well scores rank users.
///
/// `weights` are how often each row counts, nil is 1 for all; rows of weight 0 are ignored. Every metric is
/// nil when a score is NaN, when a weight is negative or not finite, and where its own documentation says so.
/// Sorting takes time proportional to the number of rows.
public enum Ranking {
    /// Returns the area under the receiver operating characteristic curve: the probability that a random row
    /// with label 1 scores above a random row with label 0, ties counting half (the statistic of H. Mann and
    /// D. Whitney, 1947).
    ///
    /// Nil when one of the classes is empty.
    public static func auc(scores: [Double], labels: [Bool], weights: [Double]? = nil) -> Double? {
        ScoreGroups(scores: scores, labels: labels, weights: weights).flatMap { auc($0) }
    }

    package static func auc(_ groups: ScoreGroups) -> Double? {
        var (positives, negatives, below) = (0.0, 0.0, 0.0)
        for group in groups.positives.indices {
            let (tiedPositives, tiedNegatives) = (groups.positives[group], groups.negatives[group])
            below += tiedNegatives * (positives + 0.5 * tiedPositives)
            positives += tiedPositives
            negatives += tiedNegatives
        }
        guard positives > 0, negatives > 0 else { return nil }
        return below / (positives * negatives)
    }

    /// Returns the area under the precision-recall curve as average precision, `Σ (R_k − R_(k−1)) · P_k` over
    /// the different scores from the highest.
    ///
    /// Precision `P_k` is the share of label 1 among rows that score at least the k-th, recall `R_k` the
    /// share of all label 1 that is among them. Rows with equal scores are one step, and steps are not
    /// interpolated (for the reasons of J. Davis and M. Goadrich, 2006). Random scores have the base rate, a
    /// perfect ranking 1. Nil without label 1.
    public static func averagePrecision(
        scores: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Double? {
        ScoreGroups(scores: scores, labels: labels, weights: weights).flatMap { averagePrecision($0) }
    }

    package static func averagePrecision(_ groups: ScoreGroups) -> Double? {
        var (positives, taken, sum) = (0.0, 0.0, 0.0)
        for group in groups.positives.indices {
            positives += groups.positives[group]
            taken += groups.positives[group] + groups.negatives[group]
            // The weight taken so far may be 0 where all weights are.
            if groups.positives[group] > 0 { sum += groups.positives[group] * (positives / taken) }
        }
        return positives > 0 ? sum / positives : nil
    }

    /// Returns the lift: the share of label 1 among the `share` of rows with the highest scores, divided by
    /// that among all rows.
    ///
    /// Rows tied at the border count with the fraction of them that fits. Nil without rows or without
    /// label 1.
    public static func lift(
        scores: [Double], labels: [Bool], weights: [Double]? = nil, share: Double = 0.1
    ) -> Double? {
        ScoreGroups(scores: scores, labels: labels, weights: weights).flatMap { lift($0, share: share) }
    }

    package static func lift(_ groups: ScoreGroups, share: Double = 0.1) -> Double? {
        let totals = groups.totals()
        guard totals.positives > 0, share > 0, share <= 1 else { return nil }
        let rows = totals.positives + totals.negatives
        let size = share * rows
        var (taken, hits) = (0.0, 0.0)
        for group in groups.positives.indices {
            let tied = groups.positives[group] + groups.negatives[group]
            guard tied > 0 else { continue }
            guard taken < size else { break }
            let part = min(1, (size - taken) / tied)
            hits += groups.positives[group] * part
            taken += tied * part
        }
        return (hits / size) / (totals.positives / rows)
    }
}
