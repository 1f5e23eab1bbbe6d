package import LimpetDocuments
package import LimpetEvents
import LimpetFeatures
import LimpetFiles

/// One pass over a log for work that needs each user once. A columnar log is read in partitions of users, in
/// memory that does not grow with it; others are read whole, since their rows are in any order.
package struct LogPass {
    private let source: LogSource
    private let contents: Contents
    /// The attributes of users, which are added to each partition; nil without any.
    private let attributes: EventLog?
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

    /// The number of rows of a part.
    private let partRows: Int

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - amounts: properties that must be amounts, with their decimals.
    ///   - texts: the text properties to keep; nil for all.
    ///   - leastRows: the rows from which on a columnar log is read in partitions.
    ///   - partRows: the rows of a partition; more where its last user has more.
    package init(
        _ source: LogSource, amounts: VerbatimDictionary<Int>, texts: VerbatimSet?, leastRows: Int = 0,
        partRows: Int = 1 << 20
    ) throws {
        // A reader opens the file of bad rows, so that only one may be made.
        let isColumnar = try source.files.contains { path throws in try ColumnarLog.isOne(path: path) }
        let reader = isColumnar ? try source.reader(amounts: amounts, texts: texts) : nil
        if let reader, let file = try reader.columnarLog(among: source.files),
            file.summary.rows >= leastRows
        {
            self.init(
                source, file, attributes: try source.readAttributes(with: reader), amounts: amounts,
                texts: texts, partRows: partRows)
        } else {
            self.init(source, try source.read(amounts: amounts, texts: texts), partRows: partRows)
        }
    }

    private init(_ source: LogSource, _ log: EventLog, partRows: Int) {
        (self.source, self.partRows, attributes) = (source, partRows, nil)
        contents = .whole(log)
        end = source.end(of: log)
        (rows, users, span) = (log.count, log.users.count, log.span)
    }

    private init(
        _ source: LogSource, _ file: ColumnarLog, attributes: EventLog?, amounts: VerbatimDictionary<Int>,
        texts: VerbatimSet?, partRows: Int
    ) {
        (self.source, self.partRows, self.attributes) = (source, partRows, attributes)
        contents = .partitions(file, amounts: amounts, texts: texts)
        for amount in file.amounts(amounts) {
            source.warn(of: amount.rounded, in: amount.name, decimals: amounts[amount.name] ?? 0)
            source.warn(of: amount.others, in: amount.name)
        }
        end = source.end(of: file.summary)
        (rows, users) = (file.summary.rows, file.summary.users)
        span = (file.summary.span.lowerBound, file.summary.span.upperBound)
    }

    /// Returns a pass over the same log with the columns of a feature set, which may have been proposed for
    /// it. Its rows, users and times may be fewer: where amounts make it read the log again, rows without one
    /// may be left out.
    func reading(_ set: FeatureSet) throws -> LogPass {
        let (numbers, texts) = (set.columns.numbers, set.columns.texts)
        switch contents {
        case .whole(let log):
            return LogPass(source, try source.reading(amountsOf: set, in: log), partRows: partRows)
        case .partitions(let file, let known, let kept):
            guard known != numbers || kept != texts else { return self }
            let reader = try source.reader(amounts: numbers, texts: texts)
            return LogPass(
                source, file, attributes: try source.readAttributes(with: reader), amounts: numbers,
                texts: texts, partRows: partRows)
        }
    }

    /// Calls `body` with parts of the log, each of whole users, in their order.
    ///
    /// - Parameter most: the largest number of users of a part.
    func forEachPart(mostUsers most: Int = .max, _ body: (LogPart) async throws -> Void) async throws {
        var firstUser = 0
        let mostRows = whole == nil ? Int.max : partRows
        try await forEach { log, known, done in
            var (first, start) = (0, 0)
            // A log without events is one part without users.
            repeat {
                var end = min(first + 1, log.users.count)
                while end < log.users.count, end - first < most,
                    log.rows(ofUser: end).upperBound - start <= mostRows
                {
                    end += 1
                }
                start = end == 0 ? 0 : log.rows(ofUser: end - 1).upperBound
                let share = Double(done - log.count + start) / Double(max(1, rows))
                try await body(
                    LogPart(log: log, users: first..<end, firstUser: firstUser, known: known, share: share))
                first = end
            } while first < log.users.count
            firstUser += log.users.count
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
                    rows: partRows, from: first, amounts: amounts, texts: texts, threads: source.threads)
                while let log = try partitions.next() {
                    let known = KnownEvents(
                        log, file: source.name, observer: source.observer, of: file.summary)
                    let attributed = attributes.map { log.adding(attributes: $0) } ?? log
                    try await body(attributed, known, partitions.rowsDone)
                }
            } catch let error as EventRowError {
                throw file.error(error)
            }
        }
    }
}
