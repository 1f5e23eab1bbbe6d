import LimpetParallel

/// A chooser of settings by a search on the folds. The search serves the choices outside folds as well, so
/// that an estimate contains it.
struct SearchTrainer: SettingChooser {
    let search: SettingSearch
    let settings: TrainingSettings
    let clock: StageClock

    /// Nothing: a search chooses.
    var givenSetting: Setting? { nil }
    var isCrossFitted: Bool { true }

    func choices(
        _ data: TrainingData, folds: [Fold], outside: Bool, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        let stage = clock.begin(.tune)
        defer { clock.begin(stage) }
        return try await search.choices(
            data, folds: folds, outside: outside, settings: settings, clock: clock, progress: progress)
    }
}
