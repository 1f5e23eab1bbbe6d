import LimpetParallel
import LimpetScoring

/// A trainer that fits several kinds, each with its own best setting, and averages them in log-odds.
struct BlendTrainer: AdditiveTrainer {
    let parts: [any AdditiveTrainer]
    let clock: StageClock

    var givenSetting: Setting? {
        let given = parts.compactMap(\.givenSetting)
        return given.count == parts.count ? .parts(given) : nil
    }

    private var weight: Double { 1 / Double(parts.count) }

    /// Chooses the setting of each kind on the same folds; their held-out log-odds are averaged row by row.
    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        var choices: [Choice] = []
        for (index, part) in parts.enumerated() {
            choices.append(
                try await part.choose(
                    data, folds: folds, progress: Self.share(index, of: parts.count, progress)))
        }
        return blended(choices, data)
    }

    func chooseNested(
        _ data: TrainingData, folds: [Fold], outside: @Sendable (Int) -> TrainingData, wantsWhole: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> NestedChoice {
        var choices: [NestedChoice] = []
        for (index, part) in parts.enumerated() {
            choices.append(
                try await part.chooseNested(
                    data, folds: folds, outside: outside, wantsWhole: wantsWhole,
                    progress: Self.share(index, of: parts.count, progress)))
        }
        let wholes = choices.compactMap(\.whole)
        return NestedChoice(
            outside: folds.indices.map { fold in blended(choices.map { $0.outside[fold] }, data) },
            whole: wholes.count == parts.count ? blended(wholes, data) : nil)
    }

    private func blended(_ choices: [Choice], _ data: TrainingData) -> Choice {
        var sums = [Double](repeating: 0, count: data.count)
        for choice in choices { for (row, logOdds) in choice.heldOut { sums[row] += logOdds * weight } }
        let heldOut = choices.last?.heldOut.map(\.row) ?? []
        let loss = heldOut.reduce(0.0) { $0 + data.logLoss($1, sums[$1]) }
        return Choice(
            setting: .parts(choices.map(\.setting)), loss: loss, heldOut: heldOut.map { ($0, sums[$0]) },
            stumps: choices.lazy.compactMap(\.stumps).first)
    }

    func fit(
        _ data: TrainingData, setting: Setting, stumps: AdditiveFit?,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        guard case .parts(let settings) = setting, settings.count == parts.count else {
            preconditionFailure("a blend is fitted with a setting for each of its parts")
        }
        var fits: [AdditiveFit] = []
        for (index, part) in parts.enumerated() {
            fits.append(
                try await part.fit(
                    data, setting: settings[index], stumps: stumps,
                    progress: Self.share(index, of: parts.count, progress)))
        }
        return .blend(fits.map { ($0, weight) })
    }

    /// Returns the progress of one of several consecutive steps as a share of all.
    private static func share(
        _ index: Int, of count: Int, _ progress: @escaping @Sendable (Double) -> Void
    ) -> @Sendable (Double) -> Void {
        { progress((Double(index) + $0) / Double(count)) }
    }
}
