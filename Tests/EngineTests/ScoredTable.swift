import Foundation
import LimpetEvaluation
import Testing

/// AUC and log loss of a model on a table.
struct Measures {
    var auc, logLoss: Double
}

/// The rows of a table of `limpet features extract` with their labels, measured by the scores of a model.
struct ScoredTable {
    /// A row is known by its user and its time.
    private var labels: [String: Bool] = [:]

    /// Reads the labels of a table.
    init(labels path: String) throws {
        for row in try Self.rows(path, ["user", "time", "label"]) {
            try #require(row[2] == "0" || row[2] == "1")
            try #require(labels.updateValue(row[2] == "1", forKey: row[0] + " " + row[1]) == nil)
        }
    }

    /// The measures of the scores of `limpet score`, which must have each row; rows beyond the table's are
    /// left out.
    func measure(scores path: String) throws -> Measures {
        var (logOdds, probabilities, truth): ([Double], [Double], [Bool]) = ([], [], [])
        for row in try Self.rows(path, ["id", "time", "probability", "log_odds"]) {
            guard let label = labels[row[0] + " " + row[1]] else { continue }
            probabilities.append(try #require(Double(row[2])))
            logOdds.append(try #require(Double(row[3])))
            truth.append(label)
        }
        try #require(truth.count == labels.count)
        return Measures(
            auc: try #require(Ranking.auc(scores: logOdds, labels: truth)),
            logLoss: try #require(ProbabilityLoss.logLoss(probabilities: probabilities, labels: truth)))
    }

    /// The named columns of a CSV without quotes.
    private static func rows(_ path: String, _ names: [String]) throws -> [[String]] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let header = try #require(lines.first).split(separator: ",")
        let places = try names.map { name in try #require(header.firstIndex { $0 == name }) }
        return lines.dropFirst().map { line in
            let fields = line.split(
                separator: ",", maxSplits: (places.max() ?? 0) + 1, omittingEmptySubsequences: false)
            return places.map { String(fields[$0]) }
        }
    }
}
