import LimpetEvents
package import LimpetFeatures
package import LimpetScoring

extension Scorer {
    /// Returns the scores of snapshots, whose first columns are the model's inputs.
    package func scores(_ table: SnapshotTable) -> [Score] {
        scores(numbers: table.numbers, keys: table.keys, rowCount: table.count)
    }

    /// Returns the inputs of the model from one row of snapshots.
    package func vector(_ table: SnapshotTable, row: Int) -> FeatureVector {
        var vector = FeatureVector(count: model.inputs.count)
        for (index, input) in model.inputs.enumerated() {
            if input.isCategorical {
                vector.categories[index] = TextKey(stored: table.keys[index][row])
            } else {
                vector.numbers[index] = table.numbers[index][row]
            }
        }
        return vector
    }
}
