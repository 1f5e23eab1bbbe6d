package import LimpetLinearAlgebra

/// An estimator of the covariance matrix of an unpenalised logistic regression's coefficients.
///
/// With `A = X'WX`, `W = w p (1 − p)`, at the solution, `n` the sum of weights and `k` the number of
/// coefficients:
/// - `none`: `A⁻¹`, correct where the model is correct and rows are independent;
/// - `hc0`: `A⁻¹ [Σ w r² x x'] A⁻¹`, `r = y − p` (H. White, 1980); `hc1`: times `n / (n − k)`;
/// - `cluster`: `A⁻¹ [Σ_g s_g s_g'] A⁻¹`, `s_g = Σ w r x` over the rows of a user (K.-Y. Liang and S. Zeger,
///   1986), times `G / (G − 1) · (n − 1) / (n − k)` for `G` users.
public enum RobustErrors: String, CaseIterable, Sendable {
    /// The inverse of the curvature.
    case none
    /// The estimator that is robust against a misspecified variance.
    case hc0
    /// The estimator `hc0` with a correction for few rows.
    case hc1
    /// The estimator that is robust against correlated rows of one user.
    case cluster
}

extension LogisticRows {
    /// Returns the covariance of coefficients that minimise the loss of these rows.
    ///
    /// - Parameters:
    ///   - bread: `A⁻¹`, both triangles.
    ///   - users: the user of each row of the data, from 0; read for clusters only.
    package func covariance(
        _ robust: RobustErrors, coefficients: [Double], bread: Matrix, users: [Int32]
    ) -> Matrix {
        let weight = segmentWeights.reduce(0, +)
        let freedom = weight - Double(columns)
        switch robust {
        case .none: return bread
        case .hc0: return bread.sandwich(meat(coefficients), scale: 1)
        case .hc1: return bread.sandwich(meat(coefficients), scale: weight / freedom)
        case .cluster:
            let (meat, clusters) = clusterMeat(coefficients, users: users)
            let groups = Double(clusters)
            return bread.sandwich(meat, scale: groups / (groups - 1) * (weight - 1) / freedom)
        }
    }

    /// Returns `Σ w r² x x'`.
    private func meat(_ coefficients: [Double]) -> Matrix {
        var sum = Matrix(rows: columns, columns: columns)
        var scratch = RowBlock.Scratch()
        for block in blocks {
            let residuals = block.residuals(coefficients)
            let factors = residuals.indices.map { row in
                let weight = block.weights?[row] ?? 1
                return weight > 0 ? abs(residuals[row]) / weight.squareRoot() : 0
            }
            block.addGram(factors: factors, to: &sum, scratch: &scratch)
        }
        sum.mirrorLowerTriangle()
        return sum
    }

    /// Returns `Σ_g s_g s_g'`, with the number of users that have weight.
    private func clusterMeat(_ coefficients: [Double], users: [Int32]) -> (Matrix, Int) {
        let count = Int(users.max() ?? -1) + 1
        var scores = Matrix(rows: count, columns: columns)
        var isPresent = [Bool](repeating: false, count: count)
        var place = 0
        for block in blocks {
            let residuals = block.residuals(coefficients)
            for row in 0..<block.rows {
                let user = Int(users[order[place + row]])
                if block.weights.map({ $0[row] > 0 }) ?? true { isPresent[user] = true }
                for column in 0..<columns {
                    scores.elements[user * columns + column] +=
                        residuals[row] * block[row, column]
                }
            }
            place += block.rows
        }
        var meat = DesignMatrix(scores).gram(weights: [Double](repeating: 1, count: count))
        meat.mirrorLowerTriangle()
        return (meat, isPresent.count { $0 })
    }
}

extension Matrix {
    /// Returns `scale · B M B` for this symmetric matrix `B`.
    fileprivate func sandwich(_ meat: Matrix, scale: Double) -> Matrix {
        var result = transformed(meat)
        result.scale(by: scale)
        return result
    }
}

extension TrainingData {
    /// The number of users with a row of positive weight.
    var usersOfWeight: Int {
        guard let weights else { return Set(users).count }
        return Set(users.indices.filter { weights[$0] > 0 }.map { users[$0] }).count
    }
}
