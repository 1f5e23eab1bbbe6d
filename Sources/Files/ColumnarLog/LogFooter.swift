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
    /// True when rows had message ids, whether the file keeps them or not.
    var hadMessageIDs = false
    /// The message ids that the file keeps.
    var messages = LogMessages()
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
        guard version > ColumnarLogFormat.versionWithoutMessages else { return bytes.bytes }
        bytes.append(aliases.count)
        for (name, property) in aliases.sorted(by: { $0.key < $1.key }) {
            bytes.append(name)
            bytes.append(property)
        }
        bytes.append(messages.count)
        for sum in messages.checksums { bytes.append(fixed: sum) }
        return bytes.bytes
    }

    /// The version of a file with this footer.
    var version: UInt64 {
        ColumnarLogFormat.version(hasAliases: !aliases.isEmpty, hasMessages: messages.count > 0)
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
        if version > ColumnarLogFormat.versionWithoutMessages {
            try readAliases(&reader)
            try readMessages(&reader)
        }
        let start = ColumnarLogFormat.headerLength + messages.length
        guard blocks.first?.offset == start else {
            throw reader.damage("blocks from \(blocks.first?.offset ?? 0), expected them from \(start)")
        }
        guard reader.remaining == 0 else { throw reader.damage("bytes after the end of the footer") }
    }

    init() {}

    /// Makes the footer of a file from the totals of its rows and from the blocks written.
    ///
    /// - Parameters:
    ///   - messages: the message ids that the file keeps.
    ///   - hadMessageIDs: whether rows have any.
    ///   - repeats: the number of rows that were left out.
    init(
        _ summary: EventLogSummary, blocks writer: LogBlockWriter, messages: LogMessages,
        hadMessageIDs: Bool, repeats: Int
    ) {
        eventNames = summary.eventNames
        columns = summary.texts.map { Column(name: $0.name, dictionary: $0.dictionary) }
        blocks = writer.blocks
        users = writer.users
        duplicates = repeats
        resolution = summary.resolution
        namesZones = summary.namesZones
        (self.messages, self.hadMessageIDs) = (messages, hadMessageIDs)
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

    private mutating func readMessages(_ reader: inout LogBytesReader) throws(ColumnarLogDamage) {
        messages.count = try reader.count("message ids", limit: rows)
        guard messages.count == 0 || hadMessageIDs else { throw reader.damage("message ids of no rows") }
        let parts = (messages.count + LogMessages.partKeys - 1) / LogMessages.partKeys
        for _ in 0..<parts { messages.checksums.append(try reader.fixed()) }
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

    /// Reads the blocks' entries: blocks follow each other without gaps, and the footer follows the last.
    private mutating func readBlocks(
        _ reader: inout LogBytesReader, end: Int
    ) throws(ColumnarLogDamage) {
        var next: Int?
        for _ in 0..<(try reader.count("blocks", limit: reader.remaining)) {
            let offset = try reader.count("as a block's offset", limit: end)
            let length = try reader.count("bytes of a block", limit: min(end, ColumnarLogFormat.blockLength))
            guard next.map({ $0 == offset }) ?? true, length <= end - offset else {
                throw reader.damage(
                    "a block of \(length) bytes at \(offset), expected it at \(next ?? offset)")
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
            throw reader.damage("blocks that end at \(next ?? 0), expected \(end)")
        }
    }
}
