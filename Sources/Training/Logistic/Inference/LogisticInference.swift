import LimpetNumerics

/// Standard errors, confidence intervals and p-values of an unpenalised logistic regression, for the original
/// columns: the value (or its signed log), 0 where it is missing; the functions of a spline in Harrell's
/// form, 0 where it is missing; 1 where something is missing; 1 at a level.
public struct LogisticInference: Hashable, Sendable {
    /// The estimate of one coefficient with its uncertainty.
    public struct Coefficient: Hashable, Sendable {
        /// The column's name; the intercept's is `(intercept)`.
        public let name: String
        /// The log-odds that one unit adds.
        public let estimate: Double
        /// Its standard error.
        public let standardError: Double
        /// The estimate divided by its standard error.
        public let z: Double
        /// The two-sided p-value of the normal distribution.
        public let p: Double
        /// The lower end of the confidence interval, `estimate − quantile · standardError`.
        public let lower: Double
        /// The upper end of the confidence interval.
        public let upper: Double
    }

    /// The rows on which the columns were chosen.
    public enum Basis: Hashable, Sendable {
        /// The columns were given in advance, and all rows were fitted.
        case allRows
        /// The columns were chosen on rows of other users than those of the fit.
        case sampleSplit(selectionRows: Int, fitRows: Int)
    }

    /// The coefficients, the intercept first.
    public let coefficients: [Coefficient]
    /// The estimator of the covariance.
    public let robust: RobustErrors
    /// The rows on which the columns were chosen.
    public let basis: Basis
    /// The confidence level of the intervals.
    public let confidence: Double
    /// The log likelihood at the solution.
    public let logLikelihood: Double

    init(
        _ names: [String], estimates: [Double], variances: [Double], robust: RobustErrors, basis: Basis,
        confidence: Double, logLikelihood: Double
    ) {
        let quantile = NormalDistribution.upperQuantile((1 - confidence) / 2)
        coefficients = names.indices.map { place in
            let (estimate, error) = (estimates[place], variances[place].squareRoot())
            return Coefficient(
                name: names[place], estimate: estimate, standardError: error, z: estimate / error,
                p: NormalDistribution.twoSided(estimate / error), lower: estimate - quantile * error,
                upper: estimate + quantile * error)
        }
        (self.robust, self.basis, self.confidence) = (robust, basis, confidence)
        self.logLikelihood = logLikelihood
    }
}

/// An error that standard errors cannot be given for a fit.
public enum LogisticInferenceError: Error, Hashable, CustomStringConvertible {
    /// A penalty shrinks coefficients towards 0, by an amount that no standard error reflects.
    case penalised
    /// The penalty or the columns were chosen on the same rows.
    case selected
    /// Rows were weighted by class: the likelihood is not that of the data.
    case classWeights
    /// Coefficients at the bounds of their range are not normally distributed.
    case constrained
    /// A half of the users lacks a class, or has too few of one for its folds.
    case halfTooSmall(rows: Int)
    /// The first half chose no column.
    case nothingSelected
    /// Robust errors need at least two users, and more rows than coefficients.
    case tooFew(rows: Int, users: Int, coefficients: Int)

    /// The error and a remedy, in words.
    public var description: String {
        switch self {
        case .penalised:
            "a penalised fit has no standard errors that could be trusted: fit without a penalty (--l2 0), "
                + "or ask for inference by a sample split"
        case .selected:
            "standard errors after a choice on the same rows would be too small: "
                + "fit without a penalty (--l2 0), or ask for inference by a sample split"
        case .classWeights: "with class weights there are no standard errors: leave the class weights out"
        case .constrained: "with directions of coefficients there are no standard errors: leave them out"
        case .halfTooSmall(let rows):
            "a half of \(rows) rows has too few users of a class to choose columns on: "
                + "use all rows, without a penalty"
        case .nothingSelected: "the first half of the users chose no column: there is nothing to infer"
        case .tooFew(let rows, let users, let coefficients):
            "\(rows) rows of \(users) users are too few for the errors of \(coefficients) coefficients"
        }
    }
}
