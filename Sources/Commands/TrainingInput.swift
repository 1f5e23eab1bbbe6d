import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetTraining

/// What a training works on, with what reports need to know of it.
struct TrainingInput {
    let data: TrainingData
    /// The id of each row: the user's, or the table row's.
    let ids: [String]
    let source: Model.Source
    var log: ExtractedLog?

    /// Writes the predictions for rows that were held out.
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
