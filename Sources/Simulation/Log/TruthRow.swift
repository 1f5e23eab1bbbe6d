public import LimpetEvents

/// The true probability and the label of one user at one snapshot.
public struct TruthRow: Hashable, Sendable {
    /// The user as in the log, e.g. `u000017`.
    public var user: String
    /// The snapshot time; a model may use the log before it.
    public var time: Timestamp
    /// The share of the futures simulated from the user's full state at `time` in which the label is true.
    public var probability: Double
    /// The label in the log itself; nil when the horizon passes the end of the log.
    public var label: Bool?
    /// The number of forks, for the standard error of `probability`.
    public var forks: Int

    /// Makes a row.
    public init(user: String, time: Timestamp, probability: Double, label: Bool?, forks: Int) {
        self.user = user
        self.time = time
        self.probability = probability
        self.label = label
        self.forks = forks
    }

    /// The first line of a truth file, with its line feed.
    public static let csvHeader = "user,time,probability,label,forks\n"

    /// Appends the row as a line of UTF-8; the label is 1, 0, or blank.
    public func appendCSV(to bytes: inout [UInt8]) {
        let labelText = label.map { $0 ? "1" : "0" } ?? ""
        bytes.append(contentsOf: "\(user),\(time),\(probability),\(labelText),\(forks)\n".utf8)
    }
}
