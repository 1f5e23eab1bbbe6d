import LimpetDocuments
package import LimpetEvents
import LimpetFiles
public import LimpetScoring

/// The form of the lines in which scores are written.
public struct ScoreLines: Sendable {
    /// The forms of a line.
    public enum Form: String, CaseIterable, Sendable {
        /// Fields after a header.
        case csv
        /// A JSON object.
        case ndjson

        /// Makes the form from the end of a file's name.
        package init(path: String) {
            let ends = [".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz"]
            self = ends.contains { path.ends(with: $0) } ? .ndjson : .csv
        }
    }

    /// The columns that can be written.
    public enum Column: String, CaseIterable, Sendable {
        /// The user or the row.
        case id
        /// The snapshot time; of logs alone.
        case time
        /// The calibrated probability.
        case probability
        /// The log-odds before calibration.
        case logOdds = "log_odds"
        /// Sentences about what raises the risk.
        case reasons
        /// 1 from the threshold on, else 0.
        case aboveThreshold = "above_threshold"
    }

    /// CSV or NDJSON.
    public let form: Form
    /// The columns that are written.
    public let columns: Set<Column>
    /// The number of reasons; 0 where none are wanted.
    public let reasonCount: Int
    /// The probability from which on rows are marked; nil where none is.
    public let threshold: Double?
    // Read for each row: a look-up in the set would cost more than writing a number.
    private let hasID: Bool
    private let hasTime: Bool
    private let hasProbability: Bool
    private let hasLogOdds: Bool

    /// Makes a form of lines.
    ///
    /// - Parameters:
    ///   - hasTimes: whether rows have snapshot times.
    ///   - reasonCount: the number of reasons at most.
    ///   - threshold: the probability from which on rows are marked; nil where none is.
    public init(form: Form, columns: Set<Column>, hasTimes: Bool, reasonCount: Int, threshold: Double?) {
        self.form = form
        self.columns = hasTimes ? columns : columns.subtracting([.time])
        self.reasonCount = columns.contains(.reasons) ? reasonCount : 0
        self.threshold = columns.contains(.aboveThreshold) ? threshold : nil
        hasID = columns.contains(.id)
        hasTime = hasTimes && columns.contains(.time)
        hasProbability = columns.contains(.probability)
        hasLogOdds = columns.contains(.logOdds)
    }

    /// All columns as CSV, with three reasons and the model's own threshold.
    ///
    /// - Parameter hasTimes: whether rows have snapshot times.
    public init(_ model: Model, hasTimes: Bool) {
        self.init(
            form: .csv, columns: Set(Column.allCases), hasTimes: hasTimes, reasonCount: 3,
            threshold: model.decision?.threshold)
    }

    /// The first line with its end; nil where each line names its values.
    package var header: String? {
        guard form == .csv else { return nil }
        var names = [Column.id, .time, .probability, .logOdds].filter(columns.contains).map(\.rawValue)
        names += (0..<reasonCount).map { "reason_\($0 + 1)" }
        // The last column, and only where there is a threshold: the places of the others stay.
        if threshold != nil { names.append(Column.aboveThreshold.rawValue) }
        return names.joined(separator: ",") + "\n"
    }

    /// Appends the start of a line.
    package func appendID(_ id: String, to line: inout [UInt8]) {
        switch form {
        case .csv:
            if hasID { line += CSV.field(id).utf8 }
        case .ndjson:
            line.append(UInt8(ascii: "{"))
            if hasID { line += ("\"id\":" + JSON.string(id).compact).utf8 }
        }
    }

    /// Appends the rest of a line, with its end.
    package func append(_ score: Scorer.Score, time: Timestamp?, reasons: [Reason], to line: inout [UInt8]) {
        var isFirst = !hasID
        func field(_ name: String, _ text: String) {
            if !isFirst { line.append(UInt8(ascii: ",")) }
            isFirst = false
            if form == .ndjson {
                line.append(UInt8(ascii: "\""))
                line += name.utf8
                line += "\":".utf8
            }
            line += text.utf8
        }
        if hasTime, let time {
            field("time", form == .csv ? time.description : "\"\(time)\"")
        }
        if hasProbability { field("probability", score.probability.description) }
        if hasLogOdds { field("log_odds", score.logOdds.description) }
        switch form {
        case .csv:
            for place in 0..<reasonCount {
                field("", place < reasons.count ? CSV.field(reasons[place].sentence) : "")
            }
            if let threshold { field("", score.probability >= threshold ? "1" : "0") }
        case .ndjson:
            if reasonCount > 0 {
                field("reasons", JSON.array(reasons.map { .string($0.sentence) }).compact)
            }
            if let threshold {
                field("above_threshold", score.probability >= threshold ? "true" : "false")
            }
            line.append(UInt8(ascii: "}"))
        }
        line.append(10)
    }
}
