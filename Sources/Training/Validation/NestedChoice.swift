import LimpetParallel

/// The choices of a pipeline for the rows outside each fold, and for all rows.
struct NestedChoice: Sendable {
    /// The choice for the rows outside each fold; held-out rows are numbered as in the whole data.
    var outside: [Choice]
    /// The choice for all rows; nil where it was not wanted.
    var whole: Choice?
}

extension AdditiveTrainer {
    func chooseNested(
        _ data: TrainingData, folds: [Fold], outside: @Sendable (Int) -> TrainingData, wantsWhole: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> NestedChoice {
        try await chooseOneByOne(
            data, folds: folds, outside: outside, wantsWhole: wantsWhole, progress: progress)
    }

    /// Chooses for the rows outside each fold, fold by fold, then for all rows.
    func chooseOneByOne(
        _ data: TrainingData, folds: [Fold], outside: @Sendable (Int) -> TrainingData, wantsWhole: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> NestedChoice {
        let steps = Double(folds.count + (wantsWhole ? 1 : 0))
        var choices: [Choice] = []
        for index in folds.indices {
            let rows = folds[index].training
            var choice = try await choose(
                outside(index), folds: Folds.inner(folds, without: index, rows: data.count)
            ) { progress((Double(index) + $0) / steps) }
            choice.heldOut = choice.heldOut.map { (row: rows[$0.row], logOdds: $0.logOdds) }
            choices.append(choice)
        }
        guard wantsWhole else { return NestedChoice(outside: choices, whole: nil) }
        let stage = clock.begin(.choose)
        defer { clock.begin(stage) }
        return NestedChoice(
            outside: choices,
            whole: try await choose(data, folds: folds) { progress((steps - 1 + $0) / steps) })
    }
}

extension Folds {
    /// Returns the folds other than one, over the rows outside it, numbered from 0.
    static func inner(_ folds: [Fold], without outer: Int, rows: Int) -> [Fold] {
        var place = [Int](repeating: -1, count: rows)
        let training = folds[outer].training
        for (number, row) in training.enumerated() { place[row] = number }
        return folds.indices.filter { $0 != outer }.map { index in
            Fold(heldOut: folds[index].heldOut.map { place[$0] }.sorted(), of: training.count)
        }
    }
}
