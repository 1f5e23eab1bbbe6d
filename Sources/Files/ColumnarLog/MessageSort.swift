package import LimpetEvents
import LimpetParallel

/// An external sort of the keys of message ids, which finds the rows that repeat one in bounded memory.
///
/// Keys are collected with the order of arrival of their rows, in parts by their top eight bits: keys are
/// hashes, so that all parts are about as long. Parts are written to a scratch file when there are many keys,
/// and at the end each part is sorted by itself, as many of them at a time as the memory holds.
package struct MessageSort {
    /// A key with the row that it came with.
    struct Entry: BitwiseCopyable, Equatable, Comparable, Sendable {
        var key: MessageKey
        var arrival: UInt64

        static let length = MemoryLayout<Entry>.size

        @inline(__always)
        static func < (left: Entry, right: Entry) -> Bool {
            left.key == right.key ? left.arrival < right.arrival : left.key < right.key
        }
    }

    private let folder: String
    private let threads: Int
    /// The number of entries that are kept in memory.
    private let limit: Int
    private var parts = Self.noParts
    /// The entries that were laid aside, and the bytes of each part.
    private var scratch: ScratchFile?
    private var scratchRanges = [[Range<Int>]](repeating: [], count: Self.noParts.count)
    /// The number of keys so far, repeated ones included.
    package private(set) var count = 0
    /// The number of keys in memory.
    private var held = 0

    private static let noParts = [[Entry]](repeating: [], count: 256)

    /// - Parameters:
    ///   - memory: the number of bytes that entries may take.
    ///   - folder: where the scratch file is made.
    ///   - threads: the number of threads that sort.
    package init(memory: Int, folder: String, threads: Int) {
        self.folder = folder
        self.threads = threads
        // Parts that grow may have twice the memory that they need.
        limit = max(1 << 12, memory / (2 * Entry.length))
    }

    /// The memory in bytes that the entries take, with what parts keep for the next ones.
    var byteCount: Int { parts.reduce(0) { $0 + $1.capacity } * Entry.length }

    /// Adds the key of a row.
    package mutating func add(_ key: MessageKey, arrival: Int) {
        parts[Int(key.high >> 56)].append(Entry(key: key, arrival: UInt64(arrival)))
        held += 1
        count += 1
    }

    /// Writes the entries to a scratch file when they take more memory than allowed.
    package mutating func makeRoom() throws(FileError) {
        guard held > limit else { return }
        let file = if let scratch { scratch } else { try ScratchFile(folder: folder) }
        scratch = file
        for part in parts.indices where !parts[part].isEmpty {
            let packed = PackedEntries.bytes(of: parts[part])
            let start = try file.append(packed.span.bytes)
            scratchRanges[part].append(start..<file.length)
            parts[part].removeAll(keepingCapacity: true)
        }
        held = 0
    }

    /// The number of parts that are sorted at a time: two for each thread, or as many as the memory holds.
    ///
    /// - Parameter entries: the number of entries of the longest part.
    package static func partsAtOnce(entries: Int, memory: Int, threads: Int) -> Int {
        max(1, min(2 * threads, memory / max(1, entries * Entry.length)))
    }

    /// The keys that are passed on at a time.
    private static let keysAtOnce = 1 << 16

    /// Passes on each key once, in ascending order, and returns the rows that repeat one.
    ///
    /// - Parameters:
    ///   - rows: the number of rows, with those that have no id.
    ///   - memory: the number of bytes that the sort may take.
    ///   - body: receives consecutive keys.
    /// - Throws: ``FileError``, and `CancellationError` when the task is cancelled.
    package mutating func finish(
        rows: Int, memory: Int, _ body: ([MessageKey]) throws -> Void
    ) throws -> RepeatedRows {
        var repeated = RepeatedRows(rows: rows)
        let longest = parts.indices.map { entryCount(of: $0) }.max() ?? 0
        let step = Self.partsAtOnce(entries: longest, memory: memory, threads: threads)
        for first in stride(from: 0, to: parts.count, by: step) {
            try Task.checkCancellation()
            let sorters = (first..<min(first + step, parts.count)).map { takePart($0) }
            for result in ConcurrentBlocks.map(sorters.count, threads: threads, { sorters[$0].sorted() }) {
                let sorted = try result.get()
                for row in sorted.repeats { repeated.insert(row) }
                for start in stride(from: 0, to: sorted.entries.count, by: Self.keysAtOnce) {
                    let end = min(start + Self.keysAtOnce, sorted.entries.count)
                    try body(sorted.entries[start..<end].map(\.key))
                }
            }
        }
        (parts, scratch, held) = (Self.noParts, nil, 0)
        repeated.countBefore()
        return repeated
    }

    /// The number of entries of a part; a little more where rows are far from the one before.
    private func entryCount(of part: Int) -> Int {
        scratchRanges[part].reduce(parts[part].count) { $0 + $1.count / PackedEntries.length }
    }

    /// Removes the entries of a part from memory.
    private mutating func takePart(_ part: Int) -> PartSorter {
        let sorter = PartSorter(
            part: part, count: entryCount(of: part), laidAside: scratchRanges[part], scratch: scratch?.reader,
            rest: parts[part])
        parts[part] = []
        return sorter
    }
}

/// The entries of a part before they are read and sorted, which any thread may do.
private struct PartSorter: Sendable {
    let part: Int
    let count: Int
    let laidAside: [Range<Int>]
    let scratch: ScratchFile.Reader?
    /// The entries in memory, which came last.
    let rest: [MessageSort.Entry]

    func sorted() -> Result<SortedKeys, FileError> {
        Result { () throws(FileError) in
            var entries: [MessageSort.Entry] = []
            entries.reserveCapacity(count)
            for range in laidAside {
                guard let bytes = try scratch?.read(range) else { continue }
                PackedEntries.append(bytes, part: part, to: &entries)
            }
            entries += rest
            return SortedKeys(entries)
        }
    }
}
