import LimpetLinearAlgebra
import LimpetTestSupport

/// The data set "logistic" of scripts/peers/metrics_constants.py.
struct LogisticSample {
    var rows: [[Double]] = []
    var labels: [Bool] = []

    init() {
        var uniforms = Uniforms(seed: 54_321)
        for _ in 0..<200 {
            let (a, b, c, e) = (uniforms.next(), uniforms.next(), uniforms.next(), uniforms.next())
            let x = [4 * a - 2, 2 * b - 1, (3 * c).rounded(.down)]
            rows.append(x)
            labels.append(e < 0.5 + 0.15 * x[0] - 0.2 * x[1] + 0.05 * (x[2] - 1))
        }
    }

    /// The rows after a column of ones.
    var design: DesignMatrix { Self.design(rows) }

    static func design(_ rows: [[Double]]) -> DesignMatrix {
        var matrix = Matrix(rows: rows.count, columns: 1 + (rows.first?.count ?? 0))
        for (row, values) in rows.enumerated() {
            matrix[row, 0] = 1
            for (column, value) in values.enumerated() { matrix[row, column + 1] = value }
        }
        return DesignMatrix(matrix)
    }

    /// The values of statsmodels and scikit-learn, the intercept first: scripts/peers/metrics_constants.json.
    enum Peers {
        static let coefficients = [
            -0.22419153823800114, 0.6071841001704343, -0.6817986388088353, 0.08206098078074478,
        ]
        static let standardErrors = [
            0.22753966723396687, 0.13976190246568496, 0.2760111644377923, 0.1817755220566454,
        ]
        static let logLikelihood = -125.67106619827979
        static let penalty = 2.5
        static let penalised = [
            -0.2201325549753628, 0.5698219100598442, -0.5659935182877607, 0.07654638995165741,
        ]
        static let penalisedObjective = 126.59290589939845
    }
}
