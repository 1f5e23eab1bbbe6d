import LimpetLinearAlgebra
import LimpetTestSupport
import LimpetTraining

/// The data set "net" of scripts/peers/elastic_net_constants.R.
struct NetSample {
    var rows: [[Double]] = []
    var labels: [Bool] = []
    let weights = (0..<300).map { [1, 2, 0.5][$0 % 3] }
    let folds = (0..<300).map { $0 % 5 }
    var offsets: [Double] { rows.map { 0.3 * $0[3] } }

    /// The places, from 0, at which the peer's paths are written down.
    static let places = [0, 9, 29, 49, 69, 99]

    init() {
        var uniforms = Uniforms(seed: 777)
        for _ in 0..<300 {
            let u = (0..<11).map { _ in uniforms.next() }
            var x = u[0..<7].map { 4 * $0 - 2 }
            x += [x[0] + 0.5 * u[7], (3 * u[8]).rounded(.down), u[9] < 0.1 ? 1 : 0]
            rows.append(x)
            labels.append(u[10] < 0.5 + 0.1 * (x[0] - 0.7 * x[1] + 0.4 * x[2] + 0.5 * (x[8] - 1)))
        }
    }

    /// A penalty on columns of standard deviation 1, though they come as they are.
    func shape(_ l1Ratio: Double) -> PenaltyShape {
        PenaltyShape(columns: 11, l1Ratio: l1Ratio, unit: .mean)
    }

    func design(segments: [Int]? = nil) -> LogisticRows {
        LogisticRows(LogisticSample.design(rows), labels: labels, segments: segments)
    }
}
