import LimpetEvents
import LimpetFiles
package import LimpetTraining

extension TrainingInput {
    /// Writes the predictions for the held-out rows as CSV by row, repeat and fold.
    package func writePredictions(_ estimate: Estimate, to path: String) throws {
        let writer = try FileWriter(path: path)
        try writer.write(data.times == nil ? "id" : "id,time")
        try writer.write(",repeat,fold,label,probability,log_odds\n")
        for prediction in estimate.predictions {
            var fields = [CSV.field(id(ofRow: prediction.row))]
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

    /// Writes the predictions for the test rows of a backtest as CSV by origin and row.
    package func writePredictions(_ result: BacktestResult, to path: String) throws {
        let writer = try FileWriter(path: path)
        try writer.write("id,time,origin,label,probability,log_odds\n")
        for prediction in result.predictions {
            let fields = [
                CSV.field(id(ofRow: prediction.row)), data.times?[prediction.row].description ?? "",
                result.origins[prediction.origin].period.origin.description,
                data.labels[prediction.row] ? "1" : "0", prediction.probability.description,
                prediction.logOdds.description,
            ]
            try writer.write(fields.joined(separator: ",") + "\n")
        }
        try writer.finish()
    }
}
