public import ArgumentParser
public import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTraining

extension Metric: ExpressibleByArgument {}

/// The flags of a search for settings.
struct TuneOptions: ParsableArguments {
    @Option(
        help: """
            Search for settings for this long, e.g. 60s or 5m, which the estimate's own searches share; \
            flags that are given stay as they are.
            """)
    var tune: String?

    @Option(help: "Search for settings with this number of trials; the result is then always the same.")
    var tuneTrials: Int?

    @Option(help: "What is better on held-out rows (default: that of --choose-by, else logLoss).")
    var tuneMetric: Metric?

    @Option(
        parsing: .upToNextOption,
        help: "Kinds of models that are tried (default: --model's, or all three where --model is not given).")
    var tuneKinds: [Model.Kind] = []

    /// True when a search was requested.
    var isGiven: Bool { tune != nil || tuneTrials != nil }

    func validate() throws {
        _ = try LabelOptions.span(tune, "--tune")
        guard (1...10_000).contains(tuneTrials ?? 1) else {
            throw ValidationError("--tune-trials must be from 1 to 10,000")
        }
        if !isGiven {
            try UnusedFlags.refuse(
                [("--tune-metric", tuneMetric != nil), ("--tune-kinds", !tuneKinds.isEmpty)],
                because: "nothing is searched without --tune 60s or --tune-trials 20")
        }
    }

    /// Returns the requested search, whose time all searches of the training share, or that among the default
    /// candidates; nil where nothing is left to search.
    ///
    /// - Parameters:
    ///   - settings: the settings before the search.
    ///   - candidates: the default candidates; nil where a kind is given.
    ///   - rows: the rows of the training: of few, bags are tried too.
    func search(
        _ training: TrainingOptions, _ settings: TrainingSettings, candidates: CandidateOptions?, rows: Int
    ) throws -> SettingSearch? {
        if isGiven {
            var space = SearchSpace(training, settings, kinds(training))
            if training.stumps.bags == nil, rows <= Self.fewRows { space.bags = [1, Self.bags] }
            return SettingSearch(
                space, metric: tuneMetric ?? settings.chooseBy,
                maximumTrials: tuneTrials,
                budget: try LabelOptions.span(tune, "--tune").map { .milliseconds($0.milliseconds) })
        }
        return candidates?.search(training, settings)
    }

    /// The rows up to which bags are tried: of more, one fit is as smooth, and eight take long.
    private static let fewRows = 20_000
    private static let bags = 8

    /// Returns the kinds of models that may be trained.
    func kinds(_ training: TrainingOptions) -> [Model.Kind] {
        guard isGiven else {
            return training.givenModel?.kind.map { [$0] } ?? CandidateOptions(training).kinds
        }
        guard tuneKinds.isEmpty else { return tuneKinds }
        return training.givenModel?.kind.map { [$0] } ?? [.stumps, .logistic, .blend]
    }
}

extension SearchSpace {
    /// Makes the space of the settings for which no flag was given.
    init(_ training: TrainingOptions, _ settings: TrainingSettings, _ kinds: [Model.Kind]) {
        self.init(kinds: kinds)
        let stumps = training.stumps
        if stumps.learningRate != nil { learningRates = [settings.stumps.learningRate] }
        if stumps.bins != nil { maximumBins = [settings.stumps.maximumBins] }
        minimumUsers[0] = settings.stumps.minimumUsers
        if stumps.minimumUsers != nil { minimumUsers = [settings.stumps.minimumUsers] }
        if stumps.namesPairs { pairs = [settings.stumps.pairs.count] }
        if stumps.stepL2 != nil { stepL2 = [settings.stumps.l2] }
        if settings.logistic.penalty != nil || settings.logistic.elasticNet != nil { l1Ratios = [nil] }
    }
}
