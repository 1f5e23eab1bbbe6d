import LimpetEvents
import LimpetFeatures

extension SnapshotTable {
    /// The features of a row.
    func vector(row: Int) -> FeatureVector {
        var vector = FeatureVector(count: features.count)
        for index in features.indices {
            if features[index].kind.isCategorical {
                vector.categories[index] = TextKey(stored: keys[index][row])
            } else {
                vector.numbers[index] = numbers[index][row]
            }
        }
        return vector
    }
}
