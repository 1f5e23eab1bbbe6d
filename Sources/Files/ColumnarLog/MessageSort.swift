import LimpetEvents
import LimpetParallel

/// An external sort of the keys of message ids, which finds the rows that repeat one in bounded memory.
///
/// Keys are collected with the order of arrival of their rows, in parts by their top eight bits: keys are
/// hashes, so that all parts are about as long. Parts are written to a scratch file when there are many keys,
/// and at the end each part is sorted by itself.
struct MessageSort {
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
    private(set) var count = 0
    /// The number of keys in memory.
    private var held = 0

    private static let noParts = [[Entry]](repeating: [], count: 256)

    /// - Parameters:
    ///   - memory: the number of bytes that entries may take.
    ///   - folder: where the scratch file is made.
    ///   - threads: the number of threads that sort.
    init(memory: Int, folder: String, threads: Int) {
        self.folder = folder
        self.threads = threads
        // Parts that grow may have twice the memory that they need.
        limit = max(1 << 12, memory / (2 * Entry.length))
    }

    /// The memory in bytes that the entries may take.
    var byteCount: Int { 2 * held * Entry.length }

    /// Adds the key of a row.
    mutating func add(_ key: MessageKey, arrival: Int) {
        parts[Int(key.high >> 56)].append(Entry(key: key, arrival: UInt64(arrival)))
        held += 1
        count += 1
    }

    /// Writes the entries to a scratch file when they take more memory than allowed.
    mutating func makeRoom() throws(FileError) {
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

    /// Passes on each key once, in ascending order, and returns the rows that repeat one.
    ///
    /// - Parameters:
    ///   - rows: the number of rows, with those that have no id.
    ///   - body: receives consecutive keys.
    mutating func finish(
        rows: Int, _ body: ([MessageKey]) throws(FileError) -> Void
    ) throws(FileError) -> RepeatedRows {
        var repeated = RepeatedRows(rows: rows)
        for first in stride(from: 0, to: parts.count, by: 2 * threads) {
            let range = first..<min(first + 2 * threads, parts.count)
            var laidAside: [[[UInt8]]] = []
            for part in range {
                var pieces: [[UInt8]] = []
                for bytes in scratchRanges[part] { pieces += [try scratch?.read(bytes) ?? []] }
                laidAside.append(pieces)
            }
            let distinct = ConcurrentBlocks.map(range.count, threads: threads) { [parts, laidAside] place in
                let packed = laidAside[place].reduce(0) { $0 + $1.count } / PackedEntries.length
                var entries: [Entry] = []
                entries.reserveCapacity(packed + parts[first + place].count)
                for bytes in laidAside[place] {
                    PackedEntries.append(bytes, part: first + place, to: &entries)
                }
                entries += parts[first + place]
                return DistinctKeys(Self.sorted(entries))
            }
            for part in range { parts[part] = [] }
            for part in distinct {
                for row in part.repeats { repeated.insert(row) }
                try body(part.keys)
            }
        }
        (parts, scratch, held) = (Self.noParts, nil, 0)
        repeated.countBefore()
        return repeated
    }
}

extension MessageSort {
    /// Returns entries that share the top eight bits in ascending order.
    ///
    /// The bits after these spread entries evenly over as many slots; what shares a slot is then sorted by
    /// itself.
    private static func sorted(_ entries: [Entry]) -> [Entry] {
        guard entries.count > 1 else { return entries }
        let source = entries.span
        let bits = UInt64(min(24, Int.bitWidth - entries.count.leadingZeroBitCount))
        let (shift, mask) = (56 - bits, (UInt64(1) << bits) - 1)
        var ends = [UInt32](repeating: 0, count: 1 << Int(bits))
        for index in source.indices { ends[Int(source[index].key.high >> shift & mask)] += 1 }
        var next: UInt32 = 0
        for slot in ends.indices { (ends[slot], next) = (next, next + ends[slot]) }
        var result = [Entry](repeating: Entry(key: .none, arrival: 0), count: entries.count)
        var target = result.mutableSpan
        for index in source.indices {
            let slot = Int(source[index].key.high >> shift & mask)
            target[Int(ends[slot])] = source[index]
            ends[slot] += 1
        }
        var start = 0
        var crowded: [Range<Int>] = []
        for slot in ends.indices {
            let end = Int(ends[slot])
            if end - start > 24 { crowded.append(start..<end) } else { insertionSort(&target, start..<end) }
            start = end
        }
        // Only repeated keys, and those that somebody made for it, crowd a slot.
        for range in crowded { result.replaceSubrange(range, with: result[range].sorted()) }
        return result
    }

    @inline(__always)
    private static func insertionSort(_ entries: inout MutableSpan<Entry>, _ range: Range<Int>) {
        guard range.count > 1 else { return }
        for place in range.lowerBound + 1..<range.upperBound {
            let entry = entries[place]
            var hole = place
            while hole > range.lowerBound, entry < entries[hole - 1] {
                entries[hole] = entries[hole - 1]
                hole -= 1
            }
            entries[hole] = entry
        }
    }
}

/// The keys of sorted entries, each once, and the rows of those that repeat the one before.
private struct DistinctKeys: Sendable {
    private(set) var keys: [MessageKey] = []
    private(set) var repeats: [Int] = []

    init(_ entries: [MessageSort.Entry]) {
        let span = entries.span
        keys.reserveCapacity(span.count)
        var last = MessageKey.none
        for index in span.indices {
            let entry = span[index]
            if entry.key == last {
                repeats.append(Int(entry.arrival))
            } else {
                last = entry.key
                keys.append(entry.key)
            }
        }
    }
}
