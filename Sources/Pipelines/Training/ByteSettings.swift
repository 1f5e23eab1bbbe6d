import LimpetFeatures
package import LimpetTraining

/// The settings of a training that decide how the rows of a large log are extracted and kept.
package struct ByteSettings: Sendable {
    private let training: TrainingSettings
    /// The number of folds that users are dealt to.
    let folds: Int
    /// The share of the users whose rows with label 0 are kept.
    let keptZeros: Double
    /// The number of events from which on a log may have many snapshots.
    package var leastEvents = 2_000_000
    /// The number of values from which on snapshots are kept as bins: 128 MB of numbers.
    package var leastValues = 1 << 24
    /// The number of events of a part of the log.
    package var partRows = 1 << 20
    /// The largest number of values of the snapshots that are extracted together; those of one user more
    /// where they have more.
    package var partValues = SnapshotTable.partValues
    /// The memory that the process may take, in bytes; nil for any.
    let memory: Int?

    /// The share of the memory that the numbers of a part may take.
    private static let partShare = 1.0 / 8
    /// The memory of the process without rows: the log's dictionaries, a part of it and its snapshots.
    private static let baseBytes = 3e8
    /// The memory of the blocks of a log that a thread unpacks ahead: two of 65,536 rows, some eight columns.
    private static let threadBytes = 8.4e6
    /// The bytes of a row beside its bins: user, time, label and fold.
    private static let rowBytes = 14.0

    /// Makes the settings for a training of stumps.
    ///
    /// - Parameters:
    ///   - settings: those of the training, as far as they are known before its inputs.
    ///   - negativeRate: the share of the users whose rows with label 0 are kept.
    package init(_ settings: TrainingSettings, negativeRate: Double = 1, memory: Int? = nil) {
        training = settings
        keptZeros = negativeRate
        folds = max(2, settings.folds)
        self.memory = memory
        if let memory {
            let most = Self.partShare * Double(memory) / Double(MemoryLayout<Double>.size)
            partValues = min(partValues, max(1 << 16, Int(most)))
        }
    }

    var maximumBins: Int { training.stumps.maximumBins }
    var seed: UInt64 { training.seed }
    var minimumLevelUsers: Int { training.minimumLevelUsers }

    /// Returns the memory that a training on rows takes at its peak, in bytes.
    ///
    /// - Parameter isForward: true where the estimate may go forward in time, with one pipeline.
    package func bytes(rows: Double, inputs: Int, isForward: Bool) -> Double {
        TrainingCost(
            rows: Int(rows), inputs: inputs, keepsBins: true,
            pipelines: training.folds < 2 ? 0 : isForward ? 1 : folds, training,
            resident: Self.baseBytes + Double(training.threads) * Self.threadBytes
                + rows * (Double(inputs) + Self.rowBytes)
        ).bytes
    }
}
