import LimpetDocuments
package import LimpetEvents
public import LimpetScoring
public import LimpetTraining

/// The data of a training, with the facts about them that reports state.
///
///     var table = TableSource("customers.csv")
///     (table.target, table.positive, table.id) = ("Churn", "Yes", "customerID")
///     let input = try await TrainingInput.read(table)
///     let trainer = ModelTrainer(TrainingSettings(kind: .stumps))
///     let model = try await trainer.train(input.data, source: input.source).model
public struct TrainingInput: Sendable {
    /// The names of the files that were read, for messages.
    public let file: String
    /// The rows with their labels.
    public let data: TrainingData
    /// The ids: of the log's users, or of the table's rows.
    private let names: [String]
    /// The source of the model's inputs, which the model keeps.
    public let source: Model.Source
    /// The facts about the log; nil for a table.
    public let log: TrainingLog?
    /// The offers in label windows; nil where there were none.
    public let treatment: TreatmentSummary?
    /// The values of a table's target; nil for a log.
    package let target: TargetValues?
    /// The columns of a table, in its order; empty for a log.
    package let columns: [ColumnProfile]

    /// The share of the users whose rows with label 0 were kept when the rows were read.
    private let keptZeros: Double

    /// - Parameter names: the ids of the log's users, or of the table's rows.
    init(
        file: String, data: TrainingData, names: [String], source: Model.Source, log: TrainingLog? = nil,
        treatment: TreatmentSummary? = nil, target: TargetValues? = nil, columns: [ColumnProfile] = [],
        keptZeros: Double = 1
    ) {
        self.columns = columns
        self.keptZeros = keptZeros
        (self.file, self.data, self.names, self.source) = (file, data, names, source)
        (self.log, self.treatment, self.target) = (log, treatment, target)
    }

    /// Returns the id of a row: the user's, or the table row's.
    public func id(ofRow row: Int) -> String { log == nil ? names[row] : names[Int(data.users[row])] }

    /// Returns the input with a share of the rows with label 0 (negative downsampling).
    package func keepingZeros(_ share: Double, seed: UInt64) -> TrainingInput {
        guard share < keptZeros else { return self }
        let rows = data.rows(keepingZeros: share, seed: seed)
        return TrainingInput(
            file: file, data: data.selecting(rows), names: log == nil ? rows.map { names[$0] } : names,
            source: source, log: log, treatment: treatment, target: target, columns: columns)
    }

    /// Returns an error that names the file; its advice fits a log or a table, which has neither snapshots
    /// nor a horizon.
    package func placed(_ error: TrainingError) -> InputError {
        guard case .table(let target, let positive) = source, case .oneClass(let label, let rows) = error
        else {
            return InputError(InputPlace(file: file), "\(error)")
        }
        return InputError(
            InputPlace(file: file, field: target),
            "all \(rows) rows have the label \(label ? 1 : 0), which is \(label ? "" : "not ")"
                + "\(positive.isEmpty ? "filled" : positive.quoted); a model needs both")
    }
}
