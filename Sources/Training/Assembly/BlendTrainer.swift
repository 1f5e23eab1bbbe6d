import LimpetNumerics
import LimpetScoring

/// A trainer that fits several kinds, each with its own best setting, and averages them in log-odds.
struct BlendTrainer: AdditiveTrainer {
    let parts: [any AdditiveTrainer]

    private var weight: Double { 1 / Double(parts.count) }

    /// Chooses the setting of each kind on the same folds; their held-out log-odds are averaged row by row.
    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        var settings: [Setting] = []
        var sums = [Double](repeating: 0, count: data.count)
        var heldOut: [Int] = []
        var stumps: AdditiveFit?
        for (index, part) in parts.enumerated() {
            let choice = try await part.choose(
                data, folds: folds, progress: Self.share(index, of: parts.count, progress))
            settings.append(choice.setting)
            stumps = choice.stumps ?? stumps
            heldOut = choice.heldOut.map(\.row)
            for (row, logOdds) in choice.heldOut { sums[row] += logOdds * weight }
        }
        let loss = heldOut.reduce(0.0) { sum, row in
            let loss = ElementaryFunctions.softplus(sums[row]) - (data.labels[row] ? sums[row] : 0)
            return sum + (data.weights?[row] ?? 1) * loss
        }
        return Choice(setting: .parts(settings), loss: loss, heldOut: heldOut.map { ($0, sums[$0]) },
            stumps: stumps)
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
