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

    /// What scikit-learn and statsmodels say: scripts/peers/metrics_constants.json.
    enum Peers {
        static let auc = 0.7287218045112782
        static let logLoss = 0.6139707163507372
        static let brier = 0.21297806261491872
        static let calibrationSlope = 0.8071598496737158
        static let calibrationIntercept = 0.13626071757168254
        static let observedToExpected = 1.0576163712608635
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
