public import LimpetDocuments
import LimpetScoring

/// The settings of a logistic regression's fit.
public struct LogisticSettings: Hashable, Sendable {
    /// The L2 penalty λ on standardised columns, for the sum of losses; nil to choose it on held-out rows.
    /// Ignored with an ``elasticNet``.
    public var penalty: Double?
    /// The L2 penalties to choose from, strongest first.
    public var penalties: [Double] = [3_000, 1_000, 300, 100, 30, 10, 3, 1, 0.1]
    /// The elastic net that replaces the L2 penalty; nil for none.
    public var elasticNet: ElasticNet?
    /// The penalty of the elastic net, for the mean loss of a row; nil to choose it on held-out rows.
    public var elasticNetPenalty: Double?
    /// The rule that chooses a penalty from a path.
    public var rule = PenaltyValidation.Rule.minimum
    /// The directions that coefficients of numbers must keep, by the input's name.
    public var signs: VerbatimDictionary<CoefficientSign> = [:]
    /// The numbers that enter as restricted cubic splines in place of lines.
    public var splines = Splines()
    /// True to take categories of many levels as the log-odds of their rates, false for a coefficient for
    /// each level; without a penalty each level always has one.
    public var codesLevels = true
    /// The weights of rows by class; nil for equal weights. The intercept is corrected after the fit by
    /// `log(zero / one)`; a calibrator fitted to the held-out scores corrects the rest.
    public var classWeights: ClassWeights?

    /// The estimator of the standard errors of an unpenalised fit's terms. Those of a penalised one are
    /// classic.
    public var robust = RobustErrors.none

    /// The sign that a coefficient must have.
    public enum CoefficientSign: String, CaseIterable, Sendable {
        /// At least 0: a larger value raises the probability.
        case nonNegative
        /// At most 0.
        case nonPositive
    }

    /// The numbers that enter as restricted cubic splines of their (signed log of the) value, and their
    /// number of knots: fewer where few values differ, down to a line.
    public struct Splines: Hashable, Sendable {
        /// The inputs that become splines.
        public var inputs: Inputs
        /// The number of knots of each spline, from 3 to 7.
        public var knots: Int

        /// A selection of inputs.
        public enum Inputs: Hashable, Sendable {
            /// No inputs.
            case none
            /// All numbers.
            case allNumbers
            /// The numbers with these names.
            case named(VerbatimSet)
        }

        /// The allowed numbers of knots.
        public static let knotCounts = RestrictedSpline.knotCounts

        /// Makes splines of 3 to 7 knots for each of the inputs.
        public init(_ inputs: Inputs = .none, knots: Int = 5) {
            precondition(Self.knotCounts.contains(knots), "a spline has from 3 to 7 knots")
            (self.inputs, self.knots) = (inputs, knots)
        }

        func contains(_ input: Model.Input) -> Bool {
            switch inputs {
            case .none: false
            case .allNumbers: !input.isCategorical
            case .named(let names): !input.isCategorical && names.contains(input.name)
            }
        }

        /// Returns the splines restricted to the remaining inputs.
        func among(_ left: [Model.Input]) -> Splines {
            guard case .named(let names) = inputs else { return self }
            return Splines(.named(names.intersection(left.map(\.name))), knots: knots)
        }
    }

    /// The weight of rows of each class, above 0.
    public struct ClassWeights: Hashable, Sendable {
        /// The weight of rows with the label 0.
        public var zero: Double
        /// The weight of rows with the label 1.
        public var one: Double

        /// Makes weights above 0.
        public init(zero: Double, one: Double) {
            precondition(zero > 0 && one > 0)
            self.zero = zero
            self.one = one
        }
    }

    /// Makes the default settings.
    public init() {}
}
