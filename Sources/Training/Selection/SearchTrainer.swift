import LimpetParallel

/// A search with its initial settings, to be repeated on the training rows of each fold of an estimate: only
/// then does the estimate contain the search.
public struct RepeatedSearch: Sendable {
    /// The search, with a number of trials and without a time limit.
    public let search: SettingSearch
    /// The settings before the search.
    public let settings: TrainingSettings
    /// The result of the search on all rows, which the model records; nil for none.
    public let result: SearchResult?

    /// Makes a search with a fixed number of trials. It does not depend on time, so that the same trials give
    /// the same estimate.
    public init(
        _ search: SettingSearch, trials: Int, from settings: TrainingSettings, result: SearchResult? = nil
    ) {
        var search = search
        search.maximumTrials = trials
        search.budget = nil
        self.search = search
        (self.settings, self.result) = (settings, result)
    }

    func trainer(clock: StageClock) -> any AdditiveTrainer {
        SearchTrainer(search: search, settings: settings, clock: clock)
    }
}

/// A trainer that searches for settings on the folds, and fits with the chosen ones.
struct SearchTrainer: AdditiveTrainer {
    let search: SettingSearch
    let settings: TrainingSettings
    let clock: StageClock

    /// Nothing: a search chooses.
    var givenSetting: Setting? { nil }

    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let (result, choice) = try await search.choose(data, folds: folds, settings: settings) {
            progress(Double($0) / Double($1))
        }
        return Self.searched(result, choice)
    }

    func chooseNested(
        _ data: TrainingData, folds: [Fold], outside: @Sendable (Int) -> TrainingData, wantsWhole: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> NestedChoice {
        let found = try await search.chooseNested(
            data, folds: folds, outside: outside, wantsWhole: wantsWhole, settings: settings
        ) { progress(Double($0) / Double($1)) }
        return NestedChoice(
            outside: found.outside.map { Self.searched($0.result, $0.choice) },
            whole: found.whole.map { Self.searched($0.result, $0.choice) })
    }

    private static func searched(_ result: SearchResult, _ choice: Choice) -> Choice {
        Choice(
            setting: .searched(result.point, choice.setting), loss: choice.loss, heldOut: choice.heldOut,
            stumps: choice.stumps)
    }

    func fit(
        _ data: TrainingData, setting: Setting, stumps: AdditiveFit?,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        guard case .searched(let point, let chosen) = setting else {
            preconditionFailure("a search is fitted with the point that it takes")
        }
        let trainer = point.applied(to: settings.unmonitored).trainer(threads: settings.threads, clock: clock)
        return try await trainer.fit(data, setting: chosen, stumps: stumps, progress: progress)
    }
}
