public import LimpetEvents

/// What happens to rows that cannot be read: each is named, kept if a file for them is given, and too many
/// of them end the run.
public final class RowRejection {
    /// How many bad rows are borne.
    public let limit: Int
    private let writer: FileWriter?
    private let report: (InputError) -> Void
    /// The bad rows so far.
    public private(set) var count = 0

    /// The number of bad rows that are reported one by one; the others are only counted.
    public static let reportLimit = 20

    /// Makes the rule of one run.
    ///
    /// - Parameters:
    ///   - limit: how many bad rows are borne.
    ///   - path: where bad rows are kept with their places and reasons; nil for nowhere.
    ///   - report: told of the first bad rows.
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

    /// Counts bad rows that an earlier part of the run has reported.
    public func count(earlier: Int) { count += earlier }

    /// Takes note of a bad row.
    ///
    /// - Throws: ``TooManyBadRows`` when there are more than the limit; ``FileError`` when it cannot be kept.
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

    /// Reads something and completes the file of bad rows, also when reading ends with an error: the rows so
    /// far help to mend the input. Only when the run is stopped, or the file itself cannot be written, it
    /// vanishes like all files under way.
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

    /// The same for reading that waits for other tasks.
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

/// More rows were bad than the run bears.
public struct TooManyBadRows: Error, CustomStringConvertible {
    /// The row that was one too many.
    public let last: InputError
    /// The bad rows so far.
    public let count: Int
    /// How many were borne.
    public let limit: Int

    /// The last bad row, and what to do.
    public var description: String {
        let tolerated = limit == 0 ? "no bad row is borne" : "\(count) bad rows, \(limit) are borne"
        return
            "\(last)\n\(tolerated); mend the input, or raise --max-bad-rows and keep them with --rejects FILE"
    }
}

/// Text as fields of comma-separated values.
public enum CSV {
    /// A field, in quotes where it needs them.
    public static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
