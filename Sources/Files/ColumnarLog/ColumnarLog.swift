public import LimpetDocuments
import Glibc
public import LimpetEvents

/// An event log in the columnar form that ``ColumnarLogWriter`` writes: sorted, compressed, with a checksum
/// for each block.
///
///     let file = try ColumnarLog(path: "events.limpetlog")
///     var chunks = try file.partitions(rows: 1 << 20)
///     while let log = try chunks.next() { print(log.count) }
///
/// It is read whole, or in chunks of whole users where it is larger than memory.
public final class ColumnarLog {
    /// The path of the file.
    public let path: String
    /// The totals of the file.
    public let summary: ColumnarLogSummary
    let footer: LogFooter
    let descriptor: CInt

    /// Opens a file and reads its footer.
    ///
    /// - Throws: ``FileError`` when it cannot be read, `InputError` when it is damaged.
    public init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.cannotRead(path: path, problem: SystemError.last) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError.cannotRead(
                path: path, problem: "a columnar log is a file, since it is read from its end")
        }
        do {
            footer = try Self.footer(of: descriptor, length: Int(status.st_size), path: path)
        } catch {
            close(descriptor)
            throw (error as? ColumnarLogDamage)?.error(file: path) ?? error
        }
        summary = ColumnarLogSummary(footer)
    }

    deinit { close(descriptor) }

    /// Returns true when a file begins with the bytes of a columnar log. Standard input is never one.
    ///
    /// - Throws: ``FileError/cannotRead(path:problem:)``.
    public static func isOne(path: String) throws(FileError) -> Bool {
        var status = stat()
        // A pipe is not opened: its bytes can be read only once, and closing it would break its writer.
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size >= ColumnarLogFormat.letters.count
        else { return false }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        // The code that reads the file afterwards reports why it cannot be read.
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let letters = try readBytes(of: descriptor, 0..<ColumnarLogFormat.letters.count, path: path)
        return letters == ColumnarLogFormat.letters
    }

    private static func footer(of descriptor: CInt, length: Int, path: String) throws -> LogFooter {
        let ends = ColumnarLogFormat.headerLength + ColumnarLogFormat.tailLength
        guard length >= ends else {
            throw ColumnarLogDamage.at(offset: length, "the file ends, expected \(ends) bytes or more")
        }
        var header = LogBytesReader(
            try readBytes(of: descriptor, 0..<ColumnarLogFormat.headerLength, path: path), origin: 0)
        guard header.bytes.starts(with: ColumnarLogFormat.letters) else {
            throw ColumnarLogDamage.at(offset: 0, "it does not begin with LIMPETLG")
        }
        _ = try header.skip(ColumnarLogFormat.letters.count)
        let version = try header.fixed()
        guard (ColumnarLogFormat.versionWithoutDelays...ColumnarLogFormat.version).contains(version) else {
            throw ColumnarLogDamage.version(version)
        }
        let tailStart = length - ColumnarLogFormat.tailLength
        var tail = LogBytesReader(
            try readBytes(of: descriptor, tailStart..<length, path: path), origin: tailStart)
        let (start, size, sum) = (try tail.fixed(), try tail.fixed(), try tail.fixed())
        guard tail.bytes.suffix(8) == ColumnarLogFormat.letters[...] else {
            throw ColumnarLogDamage.at(offset: length - 8, "the end is missing; was the writing cut short?")
        }
        guard let offset = Int(exactly: start), let count = Int(exactly: size), offset <= tailStart,
            count == tailStart - offset
        else {
            throw ColumnarLogDamage.at(offset: tailStart, "a footer of \(size) bytes at \(start)")
        }
        let bytes = try readBytes(of: descriptor, offset..<tailStart, path: path)
        guard checksum(bytes) == sum else {
            throw ColumnarLogDamage.at(offset: offset, "the footer's checksum is wrong")
        }
        return try LogFooter(bytes, origin: offset, version: version)
    }

    /// Reads the whole log, equal to the one that ``EventLogReader`` returns for the same events.
    ///
    /// - Parameters:
    ///   - amounts: the properties that must be amounts, with their number of decimals.
    ///   - texts: the text properties to keep; nil for all.
    ///   - keepsMessageIDs: true to keep the message ids, as far as the file has them.
    ///   - keepsArrivals: true to keep the order in which the rows arrived.
    ///   - threads: the number of blocks that are unpacked in parallel.
    ///   - progress: called with the share of the log that has been read.
    /// - Throws: ``FileError``, or `InputError` when the file is damaged, `EventRowError` when more than a
    ///   tenth of the different texts of a property are no amounts; fewer count as missing.
    public func read(
        amounts: VerbatimDictionary<Int> = [:], texts: VerbatimSet? = nil, keepsMessageIDs: Bool = false,
        keepsArrivals: Bool = false, threads: Int = 1, progress: @escaping (Double) -> Void = { _ in }
    ) throws -> EventLog {
        let choice = LogColumnChoice(footer, amounts: amounts, texts: texts, keepsArrivals: keepsArrivals)
        var partitions = try LogPartitions(self, choice, rows: summary.rows, from: 0, threads: threads)
        partitions.progress = progress
        guard var log = try partitions.next() else {
            throw InputError(InputPlace(file: path), "there are no events in it")
        }
        if log.arrivals != nil { try checkArrivals(log) }
        for amount in self.amounts(amounts) {
            log = log.with(rounded: amount.rounded, others: amount.others, of: amount.name)
        }
        guard keepsMessageIDs else { return log }
        do { return log.with(messages: try footer.messages.keys(of: descriptor, path: path)) } catch {
            throw (error as? ColumnarLogDamage)?.error(file: path) ?? error
        }
    }

    /// Returns which amounts of properties are rounded to the given decimals, and which texts are no amounts.
    package func amounts(
        _ amounts: VerbatimDictionary<Int>
    ) -> [(name: String, rounded: RoundedAmounts, others: OtherTexts)] {
        LogColumnChoice(footer, amounts: amounts, texts: [], keepsArrivals: false).amounts.map {
            ($0.name, $0.rounded, $0.others)
        }
    }

    /// Returns the error to report for a property that is none of amounts.
    package func error(_ error: EventRowError) -> InputError {
        InputError(
            InputPlace(file: path),
            "\(error); texts that mean missing are named by --missing when events are imported")
    }

    /// Returns the log in chunks of whole users; the dictionaries of each chunk are those of the whole log.
    /// The memory in use is that of the dictionaries and of one chunk.
    ///
    /// - Parameters:
    ///   - rows: the number of rows of a chunk; more when its last user has more.
    ///   - first: the row to begin with, at which an earlier chunk ended.
    ///   - amounts: the properties that must be amounts, with their number of decimals.
    ///   - texts: the text properties to keep; nil for all.
    ///   - threads: the number of blocks that are unpacked in parallel.
    /// - Throws: as ``read(amounts:texts:keepsMessageIDs:keepsArrivals:threads:progress:)``.
    public func partitions(
        rows: Int = 1 << 20, from first: Int = 0, amounts: VerbatimDictionary<Int> = [:],
        texts: VerbatimSet? = nil,
        threads: Int = 1
    ) throws -> LogPartitions {
        let choice = LogColumnChoice(footer, amounts: amounts, texts: texts, keepsArrivals: false)
        return try LogPartitions(self, choice, rows: rows, from: first, threads: threads)
    }

    /// Reads a block, verifies its checksum and unpacks it. May be called from any thread.
    static func block(
        _ entry: LogFooter.Block, _ choice: LogColumnChoice, hasDelays: Bool, of descriptor: CInt,
        path: String
    ) throws -> LogBlock {
        let bytes = try readBytes(of: descriptor, entry.offset..<entry.offset + entry.length, path: path)
        guard checksum(bytes) == entry.checksum else {
            throw ColumnarLogDamage.at(offset: entry.offset, "a block's checksum is wrong")
        }
        return try LogBlock(
            bytes, origin: entry.offset, rows: entry.rows, hasDelays: hasDelays, wanted: choice.wants)
    }

    /// Checks that the order of arrival is a permutation of all rows.
    private func checkArrivals(_ log: EventLog) throws {
        var isTaken = [Bool](repeating: false, count: log.count)
        for place in log.arrivals ?? [] {
            guard place < log.count, !isTaken[Int(place)] else {
                throw ColumnarLogDamage.at(offset: 0, "two rows arrived in place \(place)").error(file: path)
            }
            isTaken[Int(place)] = true
        }
    }
}
