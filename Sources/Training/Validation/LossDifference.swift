import LimpetEvaluation
import LimpetNumerics

/// The difference of two models' log loss on the same held-out rows.
struct LossDifference {
    /// The mean over rows of the first model's loss less that of the second.
    let mean: Double
    /// The standard error of the mean between users.
    let standardError: Double

    /// - Parameters:
    ///   - differences: of each row, times its weight.
    ///   - users: the user of each row.
    ///   - weight: the summed weight of the rows.
    private init(_ differences: [Double], users: [Int32], weight: Double) {
        let most = Int(users.max() ?? -1) + 1
        var (sums, isKnown) = ([Double](repeating: 0, count: most), [Bool](repeating: false, count: most))
        for (difference, user) in zip(differences, users) {
            sums[Int(user)] += difference
            isKnown[Int(user)] = true
        }
        let count = Double(max(1, isKnown.count { $0 }))
        let sum = sums.reduce(0, +)
        let average = sum / count
        let variance = zip(sums, isKnown).reduce(0) {
            $1.1 ? $0 + ($1.0 - average) * ($1.0 - average) : $0
        }
        mean = sum / max(1e-300, weight)
        standardError = variance.squareRoot() / max(1e-300, weight)
    }

    /// - Parameters:
    ///   - first: the rows with the first model's log-odds.
    ///   - second: the same rows, in any order, with those of the second model.
    init(
        _ first: [(row: Int, logOdds: Double)], _ second: [(row: Int, logOdds: Double)],
        of data: TrainingData
    ) {
        var losses = [Double](repeating: 0, count: data.count)
        for (row, logOdds) in first { losses[row] = data.logLoss(row, logOdds) }
        self.init(
            second.map { losses[$0.row] - data.logLoss($0.row, $0.logOdds) },
            users: second.map { data.users[$0.row] },
            weight: second.reduce(0) { $0 + (data.weights?[$1.row] ?? 1) })
    }

    /// - Parameters:
    ///   - first: the first model's outcomes.
    ///   - second: the second model's, of the same rows in the same order.
    init(_ first: Outcomes, _ second: Outcomes) {
        func loss(_ outcomes: Outcomes, _ row: Int) -> Double {
            let probability = outcomes.probabilities[row]
            return -ElementaryFunctions.log(
                max(.leastNormalMagnitude, outcomes.labels[row] ? probability : 1 - probability))
        }
        self.init(
            second.labels.indices.map {
                (loss(first, $0) - loss(second, $0)) * (second.weights?[$0] ?? 1)
            }, users: second.users, weight: second.weights?.reduce(0, +) ?? Double(second.count))
    }
}
