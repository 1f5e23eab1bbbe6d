import LimpetEvents
import LimpetNumerics

/// An external sort of the keys of message ids, which finds the rows that repeat one in bounded memory.
///
/// Keys are collected with the order of arrival of their rows, and sorted and written to a scratch file when
/// there are many. The merge of all passes on each key once, in ascending order.
struct MessageSort {
    /// A key with the row that it came with.
    struct Entry: RadixSortable, Equatable {
        var key: MessageKey
        var arrival: UInt64

        static let length = MemoryLayout<Entry>.size

        /// Keys are hashes: 33 bits tell almost all of them apart.
        var sortKey: UInt64 { key.high >> 31 }

        static func < (left: Entry, right: Entry) -> Bool {
            left.key == right.key ? left.arrival < right.arrival : left.key < right.key
        }
    }

    private let folder: String
    /// The number of entries that are kept in memory.
    private let limit: Int
    private var entries: [Entry] = []
    private var spare: [Entry] = []
    private var runs: [MessageRun] = []
    /// The number of keys so far, repeated ones included.
    private(set) var count = 0

    /// - Parameters:
    ///   - memory: the number of bytes that entries may take.
    ///   - folder: where scratch files are made.
    init(memory: Int, folder: String) {
        self.folder = folder
        // Entries are sorted from one array into another.
        limit = max(1 << 12, memory / (2 * Entry.length))
    }

    /// The memory in bytes that the entries take, and will take while they are sorted.
    var byteCount: Int { 2 * entries.capacity * Entry.length }

    /// Adds the key of a row.
    mutating func add(_ key: MessageKey, arrival: Int) {
        entries.append(Entry(key: key, arrival: UInt64(arrival)))
        count += 1
    }

    /// Sorts the entries and writes them to a scratch file when they take more memory than allowed.
    mutating func makeRoom() throws(FileError) {
        guard entries.count > limit else { return }
        sort()
        runs.append(try MessageRun(entries, folder: folder))
        (entries, spare) = ([], [])
    }

    private mutating func sort() {
        RadixSort.sort(&entries, count: entries.count, spare: &spare)
        // Those that share the sorted bits stand beside each other.
        for tie in ties { entries[tie].sort(by: <) }
    }

    /// The ranges of entries that share the sorted bits.
    private var ties: [Range<Int>] {
        let span = entries.span
        var (ties, start): ([Range<Int>], Int) = ([], 0)
        while start < span.count {
            let key = span[start].key.high >> 31
            var end = start + 1
            while end < span.count, span[end].key.high >> 31 == key { end += 1 }
            if end - start > 1 { ties.append(start..<end) }
            start = end
        }
        return ties
    }

    /// Passes on each key once, in ascending order, and returns the rows that repeat one.
    ///
    /// - Parameter rows: the number of rows, with those that have no id.
    mutating func finish(
        rows: Int, _ body: (MessageKey) throws(FileError) -> Void
    ) throws(FileError) -> RepeatedRows {
        sort()
        spare = []
        var repeated = RepeatedRows(rows: rows)
        var last = MessageKey.none
        func take(_ entry: Entry) throws(FileError) {
            guard entry.key != last else { return repeated.insert(Int(entry.arrival)) }
            last = entry.key
            try body(entry.key)
        }
        if runs.isEmpty {
            for entry in entries { try take(entry) }
        } else {
            var cursors: [MessageCursor] = []
            for run in runs { cursors.append(try MessageCursor(run)) }
            cursors.append(MessageCursor(entries))
            entries = []
            while let place = Self.least(of: cursors), let entry = cursors[place].current {
                try take(entry)
                try cursors[place].advance()
            }
        }
        (entries, runs) = ([], [])
        repeated.countBefore()
        return repeated
    }

    private static func least(of cursors: [MessageCursor]) -> Int? {
        var least: (place: Int, entry: Entry)?
        for (place, cursor) in cursors.enumerated() {
            guard let entry = cursor.current else { continue }
            if least.map({ entry < $0.entry }) ?? true { least = (place, entry) }
        }
        return least?.place
    }
}

/// Sorted entries in a scratch file.
private struct MessageRun {
    let file: ScratchFile
    let count: Int
    /// The entries that are read at a time.
    static let pageEntries = 1 << 14

    init(_ entries: [MessageSort.Entry], folder: String) throws(FileError) {
        file = try ScratchFile(folder: folder)
        count = entries.count
        for start in stride(from: 0, to: entries.count, by: Self.pageEntries) {
            var bytes = LogBytes()
            for entry in entries[start..<min(start + Self.pageEntries, entries.count)] {
                bytes.append(fixed: entry.key.high)
                bytes.append(fixed: entry.key.low)
                bytes.append(fixed: entry.arrival)
            }
            _ = try file.append(bytes.bytes)
        }
    }

    func entries(_ range: Range<Int>) throws(FileError) -> [MessageSort.Entry] {
        let length = MessageSort.Entry.length
        let bytes = try file.read(range.lowerBound * length..<range.upperBound * length)
        let words = bytes.span.bytes
        func word(_ place: Int) -> UInt64 {
            UInt64(littleEndian: words.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
        }
        return stride(from: 0, to: bytes.count, by: length).map { place in
            MessageSort.Entry(
                key: MessageKey(high: word(place), low: word(place + 8)), arrival: word(place + 16))
        }
    }
}

/// A position among sorted entries.
private struct MessageCursor {
    private let run: MessageRun?
    private var page: [MessageSort.Entry]
    private var place = 0
    /// The number of entries of the run that have been read.
    private var read = 0

    init(_ run: MessageRun) throws(FileError) {
        (self.run, page) = (run, [])
        try load()
    }

    init(_ entries: [MessageSort.Entry]) { (run, page) = (nil, entries) }

    var current: MessageSort.Entry? { place < page.count ? page[place] : nil }

    mutating func advance() throws(FileError) {
        place += 1
        if place == page.count { try load() }
    }

    private mutating func load() throws(FileError) {
        guard let run, read < run.count else { return }
        let end = min(read + MessageRun.pageEntries, run.count)
        (page, place) = (try run.entries(read..<end), 0)
        read = end
    }
}
