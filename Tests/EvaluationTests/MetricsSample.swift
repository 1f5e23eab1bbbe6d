import LimpetNumerics
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport

/// The data set "metrics" of scripts/peers/metrics_constants.py: log-odds with ties, and what happened.
struct MetricsSample {
    var logOdds: [Double] = []
    var labels: [Bool] = []

    var probabilities: [Double] { logOdds.map { ElementaryFunctions.logistic($0) } }

    init() {
        var uniforms = Uniforms(seed: 12_345)
        for _ in 0..<200 {
            let (a, b) = (uniforms.next(), uniforms.next())
            let z = ((41 * a).rounded(.down) - 20) / 10
            logOdds.append(z)
            labels.append(b < 0.5 + 0.2 * z)
        }
    }

    /// The sample as outcomes of 50 users; weights of row i are i mod 4 if `weighted`.
    func outcomes(weighted: Bool = false) -> Outcomes {
        Outcomes(
            logOdds: logOdds, probabilities: probabilities, labels: labels,
            users: labels.indices.map { Int32($0 / 4) },
            weights: weighted ? labels.indices.map { Double($0 % 4) } : nil)
    }

    /// The values of scikit-learn, statsmodels and empulse: scripts/peers/metrics_constants.json.
    enum Peers {
        static let auc = 0.7287218045112782
        static let logLoss = 0.6139707163507372
        static let brier = 0.21297806261491872
        static let calibrationSlope = 0.8071598496737158
        static let calibrationIntercept = 0.13626071757168254
        static let observedToExpected = 1.0576163712608635
        static let calibrationInTheLarge = 0.1471695811702949
        static let prAuc = 0.7350631350125005
        static let logLossSkill = 0.11262656325566289
        static let calibrationError = 0.07449113855027027
        static let maximumCalibrationError = 0.14043705505779347
        static let reliability = 0.007787474194791125
        static let resolution = 0.04204803854875283
        static let uncertainty = 0.24937499999999999
        static let withinBinVariance = 0.0005668449447261218
        static let withinBinCovariance = 0.0027032179758457236
        static let empc = 24.744713292440384
        static let empcFraction = 0.9369197686483988
        static let otherEmpc = 11.697231133765833
        static let otherEmpcFraction = 0.6866568554993877
    }

    /// The same for weights of i mod 4.
    enum WeightedPeers {
        static let auc = 0.7249654311075427
        static let prAuc = 0.7382140076694585
        static let logLoss = 0.6196002860239211
        static let brier = 0.21720499782098485
        static let observedToExpected = 1.0535572512569802
        static let calibrationSlope = 0.7670672134112514
        static let calibrationInTheLarge = 0.14012302137803845
        static let calibrationError = 0.09653427882836316
        static let empc = 25.23364512410398
        static let empcFraction = 0.873576543981871
    }
}

/// Random scores, coarse enough for many ties, with labels that lean on them.
struct RandomScores: Sendable {
    var scores: [Double] = []
    var labels: [Bool] = []

    init(rows: Int, seed: UInt64, steps: Double = 10) {
        var uniforms = Uniforms(seed: seed)
        for _ in 0..<rows {
            let score = (uniforms.next() * steps).rounded(.down) / steps
            scores.append(score)
            labels.append(uniforms.next() < 0.1 + 0.8 * score)
        }
    }
}

extension Outcomes {
    /// The rows in order, each as often as its whole weight, or as `times` says; no weights.
    func repeated(_ times: ((Int) -> Int)? = nil) -> Outcomes {
        let rows = labels.indices.flatMap { row in
            Array(repeating: row, count: times?(row) ?? Int(weights?[row] ?? 1))
        }
        return Outcomes(
            logOdds: rows.map { logOdds[$0] }, probabilities: rows.map { probabilities[$0] },
            labels: rows.map { labels[$0] }, users: rows.map { users[$0] },
            values: values.map { values in rows.map { values[$0] } })
    }
}

/// Outcomes of users with several rows each, whose log-odds and labels share what is the user's own.
///
/// `noise` is the spread of what differs between rows of a user; probabilities are those of a model whose
/// log-odds are too extreme by a half.
func clusteredOutcomes(users: Int, rowsPerUser: Int, seed: UInt64, noise: Double = 0.3) -> Outcomes {
    var uniforms = Uniforms(seed: seed)
    var outcomes = Outcomes()
    for user in 0..<users {
        let (level, threshold) = (uniforms.normal(), uniforms.next())
        for _ in 0..<rowsPerUser {
            let z = level + noise * uniforms.normal() - 1
            // One threshold for all rows of a user: they leave or stay together.
            let label = threshold < ElementaryFunctions.logistic(z)
            outcomes.append(
                Outcomes(
                    logOdds: [1.5 * z], probabilities: [ElementaryFunctions.logistic(1.5 * z)],
                    labels: [label],
                    users: [Int32(user * 3 - 7)]))
        }
    }
    return outcomes
}
