import LimpetScoring

/// How a logistic regression is fitted.
public struct LogisticSettings: Hashable, Sendable {
    /// The L2 penalty λ on standardised columns, for the sum of losses; nil to choose it on held-out rows. With
    /// ``elasticNet`` it is not read.
    public var penalty: Double?
    /// The L2 penalties to choose from, strongest first.
    public var penalties: [Double] = [3_000, 1_000, 300, 100, 30, 10, 3, 1, 0.1]
    /// An elastic net in place of the L2 penalty.
    public var elasticNet: ElasticNet?
    /// A penalty of the elastic net, for the mean loss of a row; nil to choose it on held-out rows.
    public var elasticNetPenalty: Double?
    /// Which penalty of a path is taken.
    public var rule = PenaltyValidation.Rule.minimum
    /// The directions that coefficients of numbers must keep, by the input's name.
    public var signs: [String: CoefficientSign] = [:]
    /// The numbers that enter as restricted cubic splines in place of lines.
    public var splines = Splines()
    /// By how much rows of each class are weighted; nil for all alike. The intercept is corrected for it after the
    /// fit by `log(zero / one)`; a calibrator that is fitted to such scores on rows held out does the rest.
    public var classWeights: ClassWeights?

    /// How the standard errors of an unpenalised fit's terms are computed. Those of a penalised one are classic.
    public var robust = RobustErrors.none

    /// What a coefficient may be.
    public enum CoefficientSign: String, CaseIterable, Sendable {
        /// At least 0: the more, the likelier.
        case nonNegative
        /// At most 0.
        case nonPositive
    }

    /// Which numbers enter as restricted cubic splines of their (signed log of the) value, and with how many knots:
    /// fewer where few values differ, down to a line.
    public struct Splines: Hashable, Sendable {
        /// The inputs.
        public var inputs: Inputs
        /// The knots of each, from 3 to 7.
        public var knots: Int

        /// Which inputs.
        public enum Inputs: Hashable, Sendable {
            /// None of them.
            case none
            /// All numbers.
            case allNumbers
            /// The numbers of these names.
            case named(Set<String>)
        }

        /// The numbers of knots that there can be.
        public static let knotCounts = RestrictedSpline.knotCounts

        /// From 3 to 7 knots for each of the inputs.
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

        /// Those of the inputs that are left.
        func among(_ left: [Model.Input]) -> Splines {
            guard case .named(let names) = inputs else { return self }
            return Splines(.named(names.intersection(left.map(\.name))), knots: knots)
        }
    }

    /// The weight of rows of each class, above 0.
    public struct ClassWeights: Hashable, Sendable {
        /// Of rows with the label 0.
        public var zero: Double
        /// Of rows with the label 1.
        public var one: Double

        /// Weights above 0.
        public init(zero: Double, one: Double) {
            precondition(zero > 0 && one > 0)
            self.zero = zero
            self.one = one
        }
    }

    /// The defaults.
    public init() {}
}
