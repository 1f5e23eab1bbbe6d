import LimpetNumerics
import LimpetScoring

/// The constant in the log-odds of all rows, without any term.
enum Intercept {
    /// Returns the constant with the least log loss given the offsets, by Newton's method with steps of at
    /// most 1; without offsets the log-odds of the weighted share of label 1.
    static func best(labels: [Bool], weights: [Float]?, offsets: [Double]?) -> Double {
        func weight(_ row: Int) -> Double { weights.map { Double($0[row]) } ?? 1 }
        var (positive, total) = (0.0, 0.0)
        for row in labels.indices {
            total += weight(row)
            if labels[row] { positive += weight(row) }
        }
        guard positive > 0, positive < total else { return 0 }
        let share = ElementaryFunctions.logit(positive / total)
        guard let offsets else { return share }
        var constant = share - zip(offsets, labels.indices).reduce(0) { $0 + $1.0 * weight($1.1) } / total
        for _ in 0..<50 {
            var (gradient, hessian) = (0.0, 0.0)
            for row in labels.indices {
                let p = ElementaryFunctions.logistic(constant + offsets[row])
                gradient += weight(row) * (p - (labels[row] ? 1 : 0))
                hessian += weight(row) * p * (1 - p)
            }
            // The loss is convex with bounded curvature; steps of at most 1 cannot diverge.
            let step = max(-1, min(1, gradient / max(hessian, 1e-12 * total)))
            constant -= step
            if step.magnitude < 1e-12 { break }
        }
        return constant
    }
}
