/// A computation of one feature of one user at ascending snapshot times.
///
/// Evaluating each window by itself would read all its events at each snapshot time. Here each event enters
/// the window once and leaves it once, so that the work grows with events and snapshot times, and not with
/// their product. The values are those of ``FeatureEvaluator/number(_:at:)``, bit for bit; kinds that need
/// only a few lookups are evaluated there.
struct FeatureScan {
    var extreme = MovingExtreme()
    var spread = MovingSpread()
    var levels = MovingLevels()
    var runs = MovingRuns()

    /// Computes a feature at each of the ascending snapshot times.
    ///
    /// - Parameter write: called with the index of each snapshot time and the feature's number.
    mutating func numbers(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, at snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        // A single window has no earlier state to reuse.
        guard snapshotTimes.count > 1 else {
            return lookUp(evaluator, state, at: snapshotTimes, write: write)
        }
        let window = evaluator.window
        switch evaluator.kind.strategy {
        case .moving(.extreme(let isMaximum)):
            let amounts = state.amounts[evaluator.series]
            let (times, units) = (amounts.times, amounts.units)
            extremes(
                isMaximum, per: evaluator.unitsPerOne, snapshotTimes,
                window: { times.range(of: window, at: $0) }, value: { units[$0] }, write: write)
        case .moving(.extremeGap(let isMaximum)):
            let series = state.times[evaluator.series]
            extremes(
                isMaximum, per: FeatureEvaluator.millisecondsPerDay, snapshotTimes,
                window: { series.gaps(of: window, at: $0) }, value: { series.gap($0) }, write: write)
        case .moving(.deviation):
            deviations(evaluator, state, snapshotTimes, write: write)
        case .moving(.levels):
            diversities(evaluator, state.categories[evaluator.series], snapshotTimes, write: write)
        case .moving(.runs):
            streaks(evaluator, state.days[evaluator.series], snapshotTimes, write: write)
        case .moving(.marks):
            marked(evaluator, state, snapshotTimes, write: write)
        case .moving(.chain):
            chains(evaluator, state.times[evaluator.series], snapshotTimes, write: write)
        case .prefix, .lookup:
            lookUp(evaluator, state, at: snapshotTimes, write: write)
        }
    }

    private func lookUp(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, at snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        for (index, now) in snapshotTimes.enumerated() { write(index, evaluator.number(state, at: now)) }
    }
}
