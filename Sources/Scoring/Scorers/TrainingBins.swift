import LimpetEvents
package import LimpetFeatures

/// The bins of a model's training distribution, in which a feature vector takes few bytes.
package struct TrainingBins: Sendable {
    private let inputs: [TrainingSummary.Distribution]
    private let levels: [[UInt64: Int]]
    private let isCategory: [Bool]

    /// Makes the bins of a model.
    package init(_ model: Model) {
        inputs = model.training.inputs
        isCategory = model.inputs.map(\.isCategorical)
        levels = inputs.map { distribution in
            Dictionary(
                distribution.levels.enumerated().map { (TextKey($1).rawValue, $0) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// Returns the number of the bin of each input, from 1; 0 where the input is missing. Levels that no
    /// training row had are in the last.
    package func numbers(of vector: borrowing FeatureVector) -> [UInt16] {
        var numbers: [UInt16] = []
        numbers.reserveCapacity(inputs.count)
        for input in inputs.indices {
            if isCategory[input] {
                let key = vector.categories[input]
                let place = levels[input][key.rawValue] ?? inputs[input].counts.count - 1
                numbers.append(key.isMissing ? 0 : UInt16(clamping: place + 1))
            } else {
                let number = vector.numbers[input]
                numbers.append(number.isNaN ? 0 : UInt16(clamping: inputs[input].edges.bin(of: number) + 1))
            }
        }
        return numbers
    }
}
