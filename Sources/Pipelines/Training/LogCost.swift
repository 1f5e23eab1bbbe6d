import Glibc
import LimpetDocuments
import LimpetFiles

/// The time and the memory that reading a log takes at least, told by the size of its files.
///
/// The constants are the processor time of `limpet describe` on 3,700,000 events of `limpet simulate` (a CSV,
/// its gzip and the columnar log made of it) and the least peak memory of whole trainings on 2,000,000 to
/// 20,000,000 events, by the size of their file. What follows the reading depends on users, snapshots and
/// features, which nobody knows before.
package struct LogCost {
    /// The least seconds.
    package let seconds: Double
    /// The least memory, in bytes.
    package let memory: Double
    private let size: Double
    /// True where the log is read in parts of users, whose memory does not grow with it.
    private let isInParts: Bool

    /// Estimates the reading of files; standard input and what is no file count as nothing.
    ///
    /// - Parameter inParts: true where columnar logs are read in parts of users.
    package init(_ paths: [String], inParts: Bool = false) {
        var (seconds, memory, size) = (0.0, 0.0, 0.0)
        var areColumnar = !paths.isEmpty
        for path in paths {
            guard let bytes = Self.bytes(path) else { continue }
            let isColumnar = (try? ColumnarLog.isOne(path: path)) ?? false
            areColumnar = areColumnar && isColumnar
            let (time, share): (Double, Double) =
                if isColumnar { (5e-9, 2.5) } else if path.ends(with: ".gz") { (4e-8, 5) } else {
                    (7e-9, 1.2)
                }
            (seconds, memory, size) = (seconds + bytes * time, memory + bytes * share, size + bytes)
        }
        (self.seconds, self.memory, self.size) = (seconds, memory, size)
        isInParts = inParts && areColumnar
    }

    private static func bytes(_ path: String) -> Double? {
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Double(status.st_size)
    }

    /// Refuses to read a log whole that would need more memory than there may be.
    ///
    /// - Throws: ``RequestError`` with a remedy.
    package func refuse(over limit: Int) throws(RequestError) {
        guard !isInParts, memory > Double(limit) else { return }
        throw RequestError(
            "reading \(CostText.bytes(size)) of events whole takes at least \(CostText.bytes(memory)), more "
                + "than --memory allows: stumps are trained on the parts of a columnar log, which limpet "
                + "import makes"
        )
    }

    /// The estimate in a line; nil for a log that is read before anybody wonders.
    package var line: String? {
        guard seconds > TrainingCost.leastSeconds else { return nil }
        guard !isInParts else {
            return "at least \(CostText.seconds(seconds)): reading \(CostText.bytes(size)) of events in parts"
        }
        return "at least \(CostText.seconds(seconds)) and \(CostText.bytes(memory)): reading "
            + "\(CostText.bytes(size)) of events"
    }
}
