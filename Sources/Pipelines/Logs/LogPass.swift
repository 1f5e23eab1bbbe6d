package import LimpetDocuments
package import LimpetEvents
import LimpetFeatures
import LimpetFiles

/// One pass over a log for work that needs each user once. A columnar log is read in partitions of users, in
/// memory that does not grow with it; others are read whole, since their rows are in any order.
package struct LogPass {
    private let source: LogSource
    private var contents: Contents
    /// The exclusive end of the log.
    package let end: Timestamp
    /// The number of rows of the log.
    package let rows: Int
    /// The times of the first and the last event of the log.
    package let span: (first: Timestamp, last: Timestamp)?

    private enum Contents {
        case whole(EventLog)
        case partitions(ColumnarLog, amounts: VerbatimDictionary<Int>, texts: VerbatimSet?)
    }

    /// The log, where it is read whole.
    var whole: EventLog? {
        if case .whole(let log) = contents { log } else { nil }
    }

    /// The number of users of the log.
    let users: Int

    /// True when the pass can begin at a row.
    package var isResumable: Bool {
        guard case .partitions = contents else { return false }
        return true
    }

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - amounts: properties that must be amounts, with their decimals.
    ///   - texts: the text properties to keep; nil for all.
    package init(_ source: LogSource, amounts: VerbatimDictionary<Int>, texts: VerbatimSet?) throws {
        self.source = source
        // A reader opens the file of bad rows, so that only one may be made.
        let isColumnar = try source.files.contains { path throws in try ColumnarLog.isOne(path: path) }
        if isColumnar,
            let file = try source.reader(amounts: amounts, texts: texts).columnarLog(among: source.files)
        {
            contents = .partitions(file, amounts: amounts, texts: texts)
            for amount in file.amounts(amounts) {
                source.warn(of: amount.rounded, in: amount.name, decimals: amounts[amount.name] ?? 0)
                source.warn(of: amount.others, in: amount.name)
            }
            end = source.end(of: file.summary)
            (rows, users) = (file.summary.rows, file.summary.users)
            span = (file.summary.span.lowerBound, file.summary.span.upperBound)
        } else {
            let log = try source.read(amounts: amounts, texts: texts)
            contents = .whole(log)
            end = source.end(of: log)
            (rows, users) = (log.count, log.users.count)
            span = log.span
        }
    }

    /// Returns a pass over the same log with the columns of a feature set, which may have been proposed for
    /// it.
    func reading(_ set: FeatureSet) throws -> LogPass {
        guard case .whole(let log) = contents else {
            return try LogPass(source, amounts: set.columns.numbers, texts: set.columns.texts)
        }
        var pass = self
        pass.contents = .whole(try source.reading(amountsOf: set, in: log))
        return pass
    }

    /// The number of rows of a part of a log that is read whole.
    private static let partRows = 1 << 20

    /// Calls `body` with parts of the log, each of whole users, in their order.
    ///
    /// - Parameter body: takes a log, the users of it that are the part, the index of the log's first user
    ///   among all, what is known of the whole log's events, and the share of the log that is done with it.
    func forEachPart(
        _ body: (EventLog, Range<Int>, Int, KnownEvents, Double) async throws -> Void
    ) async throws {
        var firstUser = 0
        let all = Double(max(1, rows))
        try await forEach { log, known, done in
            defer { firstUser += log.users.count }
            guard whole != nil else {
                return try await body(log, log.users.indices, firstUser, known, Double(done) / all)
            }
            var (first, start) = (0, 0)
            while first < log.users.count {
                var end = first
                while end < log.users.count, log.rows(ofUser: end).upperBound - start <= Self.partRows {
                    end += 1
                }
                end = max(end, first + 1)
                start = log.rows(ofUser: end - 1).upperBound
                try await body(log, first..<end, 0, known, Double(start) / all)
                first = end
            }
        }
    }

    /// Calls `body` with the log, or with each of its partitions of whole users.
    ///
    /// - Parameters:
    ///   - first: the row to begin with, which an earlier call has passed to `body`.
    ///   - body: takes a log of whole users, what is known of the whole log's events, and the row after it.
    package func forEach(
        from first: Int = 0, _ body: (EventLog, KnownEvents, Int) async throws -> Void
    ) async throws {
        switch contents {
        case .whole(let log): try await body(log, source.known(in: log), log.count)
        case .partitions(let file, let amounts, let texts):
            do {
                var partitions = try file.partitions(
                    from: first, amounts: amounts, texts: texts, threads: source.threads)
                while let log = try partitions.next() {
                    let known = KnownEvents(
                        log, file: source.name, observer: source.observer, of: file.summary)
                    try await body(log, known, partitions.rowsDone)
                }
            } catch let error as EventRowError {
                throw file.error(error)
            }
        }
    }
}
