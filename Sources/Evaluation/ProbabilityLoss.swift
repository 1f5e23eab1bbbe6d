import LimpetScoring

/// How far probabilities are from what happened.
public enum ProbabilityLoss {
    /// Probabilities are kept this far from 0 and 1 in logarithms, so that one surprise stays finite.
    static let clip = 1e-15

    /// The mean of `−ln p` for label 1 and `−ln(1 − p)` for label 0, in nats. Nil without rows.
    public static func logLoss(probabilities: [Double], labels: [Bool]) -> Double? {
        guard !labels.isEmpty else { return nil }
        var sum = 0.0
        for (probability, label) in zip(probabilities, labels) {
            let likelihood = label ? probability : 1 - probability
            sum -= ElementaryFunctions.log(max(clip, min(1, likelihood)))
        }
        return sum / Double(labels.count)
    }

    /// The log loss of the constant that fits best: the entropy of the share of label 1, in nats.
    public static func baseLogLoss(labels: [Bool]) -> Double? {
        guard !labels.isEmpty else { return nil }
        let share = Double(labels.count { $0 }) / Double(labels.count)
        guard share > 0, share < 1 else { return 0 }
        return -share * ElementaryFunctions.log(share) - (1 - share) * ElementaryFunctions.log1p(-share)
    }

    /// The mean of `(p − y)²` (G. Brier, 1950). Nil without rows.
    public static func brier(probabilities: [Double], labels: [Bool]) -> Double? {
        guard !labels.isEmpty else { return nil }
        let sum = zip(probabilities, labels).reduce(0.0) { sum, row in
            let error = row.0 - (row.1 ? 1 : 0)
            return sum + error * error
        }
        return sum / Double(labels.count)
    }
}
