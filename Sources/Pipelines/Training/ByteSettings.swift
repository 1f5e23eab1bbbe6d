package import LimpetTraining

/// The settings of a training that decide how its rows are kept as bins.
package struct ByteSettings: Sendable {
    let maximumBins: Int
    let folds: Int
    let seed: UInt64
    let minimumLevelUsers: Int
    /// The share of the users whose rows with label 0 are kept.
    let keptZeros: Double
    /// The number of events from which on a log may have many snapshots.
    package var leastEvents = 2_000_000
    /// The number of values from which on snapshots are kept as bins: 128 MB of numbers.
    package var leastValues = 1 << 24
    /// The memory that the process may take, in bytes; nil for any.
    let memory: Int?

    /// Makes the settings for a training of stumps.
    ///
    /// - Parameters:
    ///   - settings: those of the training, as far as they are known before its inputs.
    ///   - negativeRate: the share of the users whose rows with label 0 are kept.
    package init(_ settings: TrainingSettings, negativeRate: Double = 1, memory: Int? = nil) {
        keptZeros = negativeRate
        maximumBins = settings.stumps.maximumBins
        folds = max(2, settings.folds)
        seed = settings.seed
        minimumLevelUsers = settings.minimumLevelUsers
        self.memory = memory
    }

    /// Returns the memory that a training on rows takes at its peak, in bytes: the bins, the scores of eight
    /// lanes, and what is known of each row.
    func bytes(rows: Double, inputs: Double) -> Double { rows * (inputs + 90) + 3e8 }
}
