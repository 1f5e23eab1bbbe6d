public import LimpetEvents

/// The rule for rows that cannot be read: each is reported and, if a file for them is given, written to it;
/// too many of them end the run.
public final class RowRejection {
    /// The number of bad rows that are tolerated.
    public let limit: Int
    private let writer: FileWriter?
    private let report: (InputError) -> Void
    /// The number of bad rows so far.
    public private(set) var count = 0

    /// The number of bad rows that are reported individually; the others are only counted.
    public static let reportLimit = 20

    /// Makes the rule of one run.
    ///
    /// - Parameters:
    ///   - limit: the number of bad rows that are tolerated.
    ///   - path: the file to which bad rows are written with their positions and reasons; nil for none.
    ///   - report: called with each of the first ``reportLimit`` bad rows.
    /// - Throws: ``FileError`` when the file cannot be written.
    public init(
        limit: Int = 0, keepingIn path: String? = nil, report: @escaping (InputError) -> Void = { _ in }
    ) throws(FileError) {
        self.limit = limit
        self.report = report
        if let path {
            writer = try FileWriter(path: path)
            try writer?.write("file,line,field,reason,row\n")
        } else {
            writer = nil
        }
    }

    /// Adds the bad rows that an earlier part of the run has reported.
    public func count(earlier: Int) { count += earlier }

    /// Counts, reports and writes a bad row.
    ///
    /// - Throws: ``TooManyBadRows`` when there are more than the limit; ``FileError`` when the row cannot be
    ///   written.
    public func reject(_ error: InputError, row: String) throws {
        count += 1
        if count <= Self.reportLimit { report(error) }
        let line = error.place.line.map(String.init) ?? ""
        let fields = [error.place.file, line, error.place.field ?? "", error.problem, row]
        try writer?.write(fields.map(CSV.field).joined(separator: ",") + "\n")
        guard count <= limit else {
            try writer?.finish()
            throw TooManyBadRows(last: error, count: count, limit: limit)
        }
    }

    /// Completes the file of bad rows.
    public func finish() throws(FileError) { try writer?.finish() }

    /// Runs `read` and completes the file of bad rows, also when reading ends with an error, since the rows
    /// so far help to correct the input. Only when the run is cancelled, or the file itself cannot be
    /// written, the file is removed like every incomplete file.
    func keepingRows<Result>(_ read: () throws -> Result) throws -> Result {
        do {
            let result = try read()
            try finish()
            return result
        } catch {
            keepRows(after: error)
            throw error
        }
    }

    /// Runs an asynchronous `read` in the same way.
    func keepingRows<Result>(_ read: () async throws -> Result) async throws -> Result {
        do {
            let result = try await read()
            try finish()
            return result
        } catch {
            keepRows(after: error)
            throw error
        }
    }

    private func keepRows(after error: any Error) {
        switch error {
        case is CancellationError, FileError.cannotWrite: break
        default: try? finish()
        }
    }
}

/// The error of a run with more bad rows than the limit.
public struct TooManyBadRows: Error, CustomStringConvertible {
    /// The error of the row that exceeded the limit.
    public let last: InputError
    /// The number of bad rows so far.
    public let count: Int
    /// The number of bad rows that were tolerated.
    public let limit: Int

    /// The last bad row, and how to continue.
    public var description: String {
        let tolerated = limit == 0 ? "no bad row is tolerated" : "\(count) bad rows, \(limit) are tolerated"
        return
            "\(last)\n\(tolerated); mend the input, or raise --max-bad-rows and keep them with --rejects FILE"
    }
}

/// A writer of fields of comma-separated values.
public enum CSV {
    /// Returns a field, in quotes where it needs them.
    public static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
