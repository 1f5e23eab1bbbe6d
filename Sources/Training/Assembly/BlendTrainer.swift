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

    var isCrossFitted: Bool { parts.contains(where: \.isCrossFitted) }

    /// Chooses the setting of each kind on the same folds; their held-out log-odds are averaged row by row.
    func choices(
        _ data: TrainingData, folds: [Fold], outside: Bool, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        var choices: [FoldChoices] = []
        for (index, part) in parts.enumerated() {
            choices.append(
                try await part.choices(
                    data, folds: folds, outside: outside,
                    progress: Self.share(index, of: parts.count, progress)))
        }
        return Self.blended(choices, data)
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
            outside: folds.indices.map { fold in Self.blended(choices.map { $0.outside[fold] }, data) },
            whole: wholes.count == parts.count ? Self.blended(wholes, data) : nil)
    }

    /// Returns the choices of a blend by those of its parts.
    static func blended(_ choices: [FoldChoices], _ data: TrainingData) -> FoldChoices {
        let outside = choices.map(\.outside.count).min() ?? 0
        return FoldChoices(
            whole: blended(choices.map(\.whole), data),
            outside: (0..<outside).map { fold in blended(choices.map { $0.outside[fold] }, data) })
    }

    private static func blended(_ choices: [Choice], _ data: TrainingData) -> Choice {
        let heldOut = mean(choices.map(\.heldOut), data)
        let left = choices.compactMap(\.left)
        return Choice(
            setting: .parts(choices.map(\.setting)),
            loss: heldOut.reduce(0.0) { $0 + data.logLoss($1.row, $1.logOdds) }, heldOut: heldOut,
            stumps: choices.lazy.compactMap(\.stumps).first,
            left: left.count == choices.count ? mean(left, data) : nil)
    }

    /// Returns the mean log-odds of the rows that all parts have.
    private static func mean(
        _ parts: [[(row: Int, logOdds: Double)]], _ data: TrainingData
    ) -> [(row: Int, logOdds: Double)] {
        var sums = [Double](repeating: 0, count: data.count)
        var counts = [Int](repeating: 0, count: data.count)
        for part in parts {
            for (row, logOdds) in part {
                sums[row] += logOdds
                counts[row] += 1
            }
        }
        return (parts.last ?? []).filter { counts[$0.row] == parts.count }
            .map { ($0.row, sums[$0.row] / Double(parts.count)) }
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
