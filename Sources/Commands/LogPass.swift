import LimpetEvents
import LimpetFeatures
import LimpetFiles

/// One pass over a log for work that needs each user but once: a columnar log comes some users at a time, in memory that
/// does not grow with it; others must be read whole, since their rows come in any order.
struct LogPass {
    private let options: EventOptions
    private let source: Source
    /// The exclusive end of the log.
    let end: Timestamp
    /// How many rows the log has.
    let rows: Int
    /// The snapshot times of its first and last event.
    let span: (first: Timestamp, last: Timestamp)?

    private enum Source {
        case whole(EventLog)
        case stretches(ColumnarLog, amounts: [String: Int], texts: Set<String>?)
    }

    /// Whether the pass can begin at a row.
    var isResumable: Bool {
        guard case .stretches = source else { return false }
        return true
    }

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - amounts: properties that must be amounts, with their decimals.
    ///   - texts: the text properties to keep; nil for all.
    init(_ options: EventOptions, amounts: [String: Int], texts: Set<String>?) throws {
        self.options = options
        try options.refuseUnused()
        // A reader opens the file of bad rows: only one may be made.
        let isColumnar = try options.events.contains { path throws in try ColumnarLog.isOne(path: path) }
        if isColumnar,
            let file = try options.reader(amounts: amounts, texts: texts).columnarLog(among: options.events)
        {
            source = .stretches(file, amounts: amounts, texts: texts)
            end = try options.end(of: file.summary)
            rows = file.summary.rows
            span = (file.summary.span.lowerBound, file.summary.span.upperBound)
        } else {
            let log = try options.read(amounts: amounts, texts: texts)
            source = .whole(log)
            end = try options.end(of: log)
            rows = log.count
            span = log.span
        }
    }

    /// Hands on the log, or its stretches.
    ///
    /// - Parameters:
    ///   - first: the row to begin with, which `body` was told of earlier.
    ///   - body: takes a log of whole users, what is known of the whole log's events, and the row behind it.
    func forEach(
        from first: Int = 0, _ body: (EventLog, KnownEvents, Int) async throws -> Void
    ) async throws {
        switch source {
        case .whole(let log): try await body(log, options.known(in: log), log.count)
        case .stretches(let file, let amounts, let texts):
            do {
                var stretches = try file.stretches(
                    from: first, amounts: amounts, texts: texts, threads: Processors.count)
                while let log = try stretches.next() {
                    let known = KnownEvents(log, file: options.fileNames, of: file.summary)
                    try await body(log, known, stretches.rowsDone)
                }
            } catch let error as EventRowError {
                throw InputError(InputPlace(file: file.path), "\(error)")
            }
        }
    }
}
