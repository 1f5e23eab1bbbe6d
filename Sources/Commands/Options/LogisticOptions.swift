import LimpetDocuments
public import ArgumentParser
public import LimpetPipelines
import LimpetScoring
public import LimpetTraining

/// The flags of a logistic regression.
struct LogisticOptions: ParsableArguments {
    @Option(
        help: "L2 penalty on standardised columns, for the sum of losses (default: chosen on held-out rows).")
    var l2: Double?

    @Option(help: "Elastic net: the share of L1 in the penalty, from 0 (ridge) to 1 (lasso).")
    var l1Ratio: Double?

    @Option(
        help: "Penalty of the elastic net, for the mean loss of a row (default: chosen on held-out rows).")
    var penalty: Double?

    @Option(help: "Penalties on the elastic net's path (default: 100).")
    var penalties: Int?

    @Option(help: "Which penalty is taken: minimum or oneStandardError (default: minimum).")
    var rule: PenaltyValidation.Rule?

    @Option(parsing: .upToNextOption, help: "The same as --rising.")
    var nonNegative: [String] = []

    @Option(parsing: .upToNextOption, help: "The same as --falling.")
    var nonPositive: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Numbers that enter as curves (restricted cubic splines) in place of lines; all for all.")
    var splines: [String] = []

    @Option(help: "Knots of each spline, from 3 to 7 (default: 5).")
    var splineKnots: Int?

    @Option(
        help: "How often a row with label 1 counts against one with label 0 (default: 1); undone afterwards.")
    var classWeight: Double?

    @Option(
        help: """
            Standard errors, intervals and p-values: allRows (needs --l2 0), or split, which chooses columns \
            on one half of the users and fits the other.
            """)
    var inference: ModelTraining.Inference.Rows?

    @Option(help: "How errors are computed: none (classic), hc0, hc1 or cluster, by user (default: cluster).")
    var robust: RobustErrors?

    /// The flags that only logistic regressions read, so that other kinds can refuse them; directions concern
    /// all kinds.
    var logisticFlags: [(name: String, isGiven: Bool)] {
        [
            ("--l2", l2 != nil), ("--l1-ratio", l1Ratio != nil), ("--penalty", penalty != nil),
            ("--penalties", penalties != nil), ("--rule", rule != nil),
            ("--splines", !splines.isEmpty), ("--spline-knots", splineKnots != nil),
            ("--class-weight", classWeight != nil), ("--inference", inference != nil),
            ("--robust", robust != nil),
        ]
    }

    func validate() throws {
        func check(_ isValid: Bool, _ message: String) throws {
            guard isValid else { throw ValidationError(message) }
        }
        try check(l2.map { $0 >= 0 && $0.isFinite } ?? true, "--l2 must be 0 or more")
        try check(l1Ratio.map { (0...1).contains($0) } ?? true, "--l1-ratio must be from 0 to 1")
        try check(penalty.map { $0 > 0 && $0.isFinite } ?? true, "--penalty must be above 0")
        try check((2...1_000).contains(penalties ?? 2), "--penalties must be from 2 to 1,000")
        try check(
            classWeight.map { $0 > 0 && $0.isFinite } ?? true, "--class-weight must be above 0")
        try check(l2 == nil || l1Ratio == nil, "--l2 and --l1-ratio are two kinds of penalty: give one")
        try check(
            l1Ratio != nil || (penalty == nil && penalties == nil && rule == nil),
            "--penalty, --penalties and --rule go with --l1-ratio")
        try check(robust == nil || inference != nil, "--robust goes with --inference")
        try checkSplines()
        if let both = nonNegative.first(where: nonPositive.contains) {
            throw ValidationError("--non-negative and --non-positive both name \(both)")
        }
    }

    /// Returns why the flags allow no standard errors; nil where they do, or none are requested.
    ///
    /// - Parameter isDirected: whether coefficients must keep a direction.
    func refusal(isDirected: Bool) -> LogisticInferenceError? {
        guard let inference else { return nil }
        if classWeight != nil { return .classWeights }
        if isDirected { return .constrained }
        guard inference == .allRows else { return nil }
        guard l1Ratio == nil, let l2 else { return .selected }
        return l2 == 0 ? nil : .penalised
    }

    private var errors: RobustErrors { robust ?? .cluster }

    var settings: LogisticSettings {
        var settings = LogisticSettings()
        // Standard errors are those of coefficients, of which rates that the labels made have none.
        settings.codesLevels = inference == nil
        settings.penalty = l2
        if let l1Ratio {
            var net = ElasticNet(l1Ratio: l1Ratio)
            net.count = penalties ?? net.count
            settings.elasticNet = net
            settings.elasticNetPenalty = penalty
            settings.rule = rule ?? settings.rule
        }
        for name in nonNegative { settings.signs[name] = .nonNegative }
        for name in nonPositive { settings.signs[name] = .nonPositive }
        settings.splines = splineSettings
        settings.classWeights = classWeight.map { .init(zero: 1, one: $0) }
        // The standard errors in the model file are those of the report.
        if inference == .allRows { settings.robust = errors }
        return settings
    }

    /// The standard errors that are requested; nil for none.
    var requestedErrors: ModelTraining.Inference? { inference.map { .init($0, robust: errors) } }
}

extension ModelTraining.Inference.Rows: ExpressibleByArgument {}
extension PenaltyValidation.Rule: ExpressibleByArgument {}
extension RobustErrors: ExpressibleByArgument {}
