import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetTraining

/// The data of a training, with the facts about them that reports state.
struct TrainingInput {
    /// The names of the files that were read, for messages.
    let file: String
    let data: TrainingData
    /// The id of each row: the user's, or the table row's.
    let ids: [String]
    let source: Model.Source
    var log: ExtractedLog?
    /// The offers in label windows; nil where there were none.
    var treatment: TreatmentSummary?

    /// Returns the input with a share of the rows with label 0 (negative downsampling).
    func keepingZeros(_ share: Double, seed: UInt64) -> TrainingInput {
        guard share < 1 else { return self }
        let rows = data.rows(keepingZeros: share, seed: seed)
        return TrainingInput(
            file: file, data: data.selecting(rows), ids: rows.map { ids[$0] }, source: source, log: log,
            treatment: treatment)
    }

    /// Returns an error that names the file; its advice fits a log or a table, which has neither snapshots
    /// nor a horizon.
    func placed(_ error: TrainingError) -> InputError {
        guard case .table(let target, let positive) = source, case .oneClass(let label, let rows) = error
        else {
            return InputError(InputPlace(file: file), "\(error)")
        }
        return InputError(
            InputPlace(file: file, field: target),
            "all \(rows) rows have the label \(label ? 1 : 0), which is \(label ? "" : "not ")"
                + "\(positive.quoted); a model needs both")
    }

    /// Writes the predictions for the held-out rows.
    func writePredictions(_ estimate: Estimate, to path: String) throws {
        let writer = try FileWriter(path: path)
        try writer.write(data.times == nil ? "id" : "id,time")
        try writer.write(",repeat,fold,label,probability,log_odds\n")
        for prediction in estimate.predictions {
            var fields = [CSV.field(ids[prediction.row])]
            if let times = data.times { fields.append(times[prediction.row].description) }
            fields += [
                String(prediction.repetition), String(prediction.fold),
                data.labels[prediction.row] ? "1" : "0",
                prediction.probability.description, prediction.logOdds.description,
            ]
            try writer.write(fields.joined(separator: ",") + "\n")
        }
        try writer.finish()
    }
}
