import LimpetDocuments
import LimpetEvents

/// The footer of a columnar log: the dictionaries that all blocks share, the offsets of the blocks, and the
/// totals.
struct LogFooter: Equatable {
    /// The entry of a block: its offset and length in the file, its rows and its checksum.
    struct Block: Equatable {
        var offset: Int
        var length: Int
        var rows: Int
        var checksum: UInt64
    }

    /// A property and its texts; the first, at code 0, stands for "no value".
    struct Column: Equatable {
        var name: String
        var dictionary: [String]
    }

    var eventNames: [String] = []
    var columns: [Column] = []
    var blocks: [Block] = []
    var users = 0
    var duplicates = 0
    var resolution = TimeResolution.millisecond
    /// True when a row has an offset from UTC.
    var namesZones = false
    /// True when a row has a time of receipt.
    var namesReceipts = false
    /// True when blocks have the column of delays.
    var hasDelays = true
    /// True when rows had message ids, which the file does not keep.
    var hadMessageIDs = false
    /// The names that columns of a role had in their files, with the property that they were read as.
    var aliases: VerbatimDictionary<String> = [:]
    /// The earliest and the latest time in milliseconds.
    var span: ClosedRange<Int64> = 0...0

    var rows: Int { blocks.reduce(0) { $0 + $1.rows } }

    func packed() -> [UInt8] {
        var bytes = LogBytes()
        bytes.append(eventNames.count)
        for name in eventNames { bytes.append(name) }
        bytes.append(columns.count)
        for column in columns {
            bytes.append(column.name)
            bytes.append(column.dictionary.count - 1)
            for text in column.dictionary.dropFirst() { bytes.append(text) }
        }
        bytes.append(blocks.count)
        for block in blocks {
            bytes.append(block.offset)
            bytes.append(block.length)
            bytes.append(block.rows)
            bytes.append(fixed: block.checksum)
        }
        bytes.append(users)
        bytes.append(duplicates)
        bytes.append(byte: UInt8(resolution.rawValue))
        bytes.append(byte: (namesZones ? 1 : 0) | (hadMessageIDs ? 2 : 0) | (namesReceipts ? 4 : 0))
        bytes.append(fixed: UInt64(bitPattern: span.lowerBound))
        bytes.append(fixed: UInt64(bitPattern: span.upperBound))
        if !aliases.isEmpty {
            bytes.append(aliases.count)
            for (name, property) in aliases.sorted(by: { $0.key < $1.key }) {
                bytes.append(name)
                bytes.append(property)
            }
        }
        return bytes.bytes
    }

    /// Reads a footer.
    ///
    /// - Parameters:
    ///   - bytes: the footer's bytes, whose checksum has been verified.
    ///   - origin: their offset in the file, at which the blocks must end.
    init(
        _ bytes: [UInt8], origin: Int, version: UInt64 = ColumnarLogFormat.version
    ) throws(ColumnarLogDamage) {
        self.init()
        hasDelays = version > ColumnarLogFormat.versionWithoutDelays
        var reader = LogBytesReader(bytes, origin: origin)
        try readDictionaries(&reader)
        try readBlocks(&reader, end: origin)
        users = try reader.count("users", limit: rows)
        duplicates = try reader.count("repeated rows", limit: Int.max)
        guard let resolution = TimeResolution(rawValue: Int(try reader.byte())) else {
            throw reader.damage("an unknown resolution of time")
        }
        self.resolution = resolution
        let flags = try reader.byte()
        guard flags < (hasDelays ? 8 : 4) else { throw reader.damage("unknown flags \(flags)") }
        namesZones = flags & 1 != 0
        hadMessageIDs = flags & 2 != 0
        namesReceipts = flags & 4 != 0
        let first = Int64(bitPattern: try reader.fixed())
        let last = Int64(bitPattern: try reader.fixed())
        guard first <= last, ColumnarLogFormat.years.contains(first), ColumnarLogFormat.years.contains(last)
        else {
            throw reader.damage("times from \(first) to \(last) ms")
        }
        span = first...last
        if version > ColumnarLogFormat.versionWithoutAliases { try readAliases(&reader) }
        guard reader.remaining == 0 else { throw reader.damage("bytes after the end of the footer") }
    }

    init() {}

    /// Makes the footer of a file from the totals of its rows and from the blocks written.
    init(_ summary: EventLogSummary, blocks writer: LogBlockWriter) {
        eventNames = summary.eventNames
        columns = summary.texts.map { Column(name: $0.name, dictionary: $0.dictionary) }
        blocks = writer.blocks
        users = writer.users
        duplicates = summary.duplicateCount
        resolution = summary.resolution
        namesZones = summary.namesZones
        hadMessageIDs = summary.hasMessageIDs
        namesReceipts = summary.namesReceipts
        span = writer.span ?? 0...0
        aliases = summary.aliases
    }

    private mutating func readAliases(_ reader: inout LogBytesReader) throws(ColumnarLogDamage) {
        let known = Set(columns.map { VerbatimText($0.name) })
        for _ in 0..<(try reader.count("aliases", limit: EventLogBuilder.textColumnLimit)) {
            let (name, property) = (try reader.text(), try reader.text())
            guard property == Event.valueProperty || property == Event.nameProperty,
                aliases.updateValue(property, forKey: name) == nil
            else { throw reader.damage("an alias \(name.quoted) of \(property.quoted)") }
            // A property of the name comes first.
            if known.contains(VerbatimText(name)) { aliases[name] = nil }
        }
    }

    private mutating func readDictionaries(_ reader: inout LogBytesReader) throws(ColumnarLogDamage) {
        for _ in 0..<(try reader.count("event names", limit: EventLogBuilder.eventNameLimit)) {
            eventNames.append(try reader.text())
        }
        guard Set(eventNames.map { VerbatimText($0) }).count == eventNames.count else {
            throw reader.damage("an event's name twice")
        }
        for _ in 0..<(try reader.count("properties", limit: EventLogBuilder.textColumnLimit)) {
            var column = Column(name: try reader.text(), dictionary: [""])
            // A text takes at least one byte, so that a wrong count cannot request more memory than there are
            // bytes.
            for _ in 0..<(try reader.count("texts", limit: reader.remaining)) {
                column.dictionary.append(try reader.text())
            }
            columns.append(column)
        }
        guard Set(columns.map { VerbatimText($0.name) }).count == columns.count else {
            throw reader.damage("a property's name twice")
        }
    }

    /// Reads the blocks' entries: blocks follow the header and each other without gaps, and the footer
    /// follows the last.
    private mutating func readBlocks(
        _ reader: inout LogBytesReader, end: Int
    ) throws(ColumnarLogDamage) {
        var next = ColumnarLogFormat.headerLength
        for _ in 0..<(try reader.count("blocks", limit: reader.remaining)) {
            let offset = try reader.count("as a block's offset", limit: end)
            let length = try reader.count("bytes of a block", limit: min(end, ColumnarLogFormat.blockLength))
            guard offset == next, length <= end - offset else {
                throw reader.damage("a block of \(length) bytes at \(offset), expected it at \(next)")
            }
            let rows = try reader.count("rows of a block", limit: ColumnarLogFormat.blockRows)
            // A run of 1,024 rows takes at least nine bytes in each column.
            guard rows > 0, length >= rows / PackedIntegers.runLength * 9 else {
                throw reader.damage("\(rows) rows in a block of \(length) bytes")
            }
            next = offset + length
            blocks.append(Block(offset: offset, length: length, rows: rows, checksum: try reader.fixed()))
        }
        guard next == end, !blocks.isEmpty else {
            throw reader.damage("blocks that end at \(next), expected \(end)")
        }
    }
}
