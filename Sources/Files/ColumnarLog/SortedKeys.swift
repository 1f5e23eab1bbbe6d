import LimpetEvents

/// The entries of a part of a ``MessageSort``: each key once, in ascending order, and the rows that repeat
/// one.
struct SortedKeys: Sendable {
    private(set) var entries: [MessageSort.Entry]
    private(set) var repeats: [Int] = []

    /// Sorts entries that share the top eight bits of their keys, in their own memory but for that of a few
    /// thousand.
    init(_ entries: consuming [MessageSort.Entry]) {
        self.entries = entries
        sort()
        leaveOutRepeats()
    }

    /// The entries that are meant to share a bucket; the processor's cache holds them.
    private static let bucketEntries = 1 << 12

    /// Distributes the entries to buckets by their next bits, and sorts each bucket.
    private mutating func sort() {
        guard entries.count > 1 else { return }
        let bits = max(0, Int.bitWidth - (entries.count / Self.bucketEntries).leadingZeroBitCount)
        let starts = distribute(bits: bits)
        var spare: [MessageSort.Entry] = []
        for bucket in starts.indices.dropLast() {
            sort(starts[bucket]..<starts[bucket + 1], sharing: 8 + bits, &spare)
        }
    }

    /// Moves each entry to the bucket of the bits after the first eight of its key; returns where the buckets
    /// begin, and the end.
    ///
    /// An entry takes the next place of its bucket, and what stood there goes to its own bucket in turn
    /// (P. McIlroy et al., "Engineering radix sort", 1993).
    private mutating func distribute(bits: Int) -> [Int] {
        guard bits > 0 else { return [0, entries.count] }
        let (shift, mask) = (UInt64(56 - bits), UInt64(1) << UInt64(bits) - 1)
        var starts = [Int](repeating: 0, count: 1 << bits + 1)
        var target = entries.mutableSpan
        for index in target.indices { starts[Int(target[index].key.high >> shift & mask) + 1] += 1 }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var next = starts
        for bucket in 0..<1 << bits {
            while next[bucket] < starts[bucket + 1] {
                var entry = target[next[bucket]]
                var home = Int(entry.key.high >> shift & mask)
                while home != bucket {
                    (target[next[home]], entry) = (entry, target[next[home]])
                    next[home] += 1
                    home = Int(entry.key.high >> shift & mask)
                }
                target[next[bucket]] = entry
                next[bucket] += 1
            }
        }
        return starts
    }

    /// Sorts the entries of a bucket. The bits after those that they share spread them evenly over as many
    /// slots; what shares a slot is then sorted by itself.
    private mutating func sort(_ range: Range<Int>, sharing shared: Int, _ spare: inout [MessageSort.Entry]) {
        guard range.count > 1 else { return }
        let bits = UInt64(min(24, Int.bitWidth - range.count.leadingZeroBitCount))
        let (shift, mask) = (UInt64(64 - shared) - bits, UInt64(1) << bits - 1)
        var ends = [UInt32](repeating: 0, count: 1 << Int(bits))
        spare.removeAll(keepingCapacity: true)
        spare.append(contentsOf: entries[range])
        var target = entries.mutableSpan
        let source = spare.span
        for index in source.indices { ends[Int(source[index].key.high >> shift & mask)] += 1 }
        var next: UInt32 = 0
        for slot in ends.indices { (ends[slot], next) = (next, next + ends[slot]) }
        for index in source.indices {
            let slot = Int(source[index].key.high >> shift & mask)
            target[range.lowerBound + Int(ends[slot])] = source[index]
            ends[slot] += 1
        }
        var start = range.lowerBound
        var crowded: [Range<Int>] = []
        for slot in ends.indices {
            let end = range.lowerBound + Int(ends[slot])
            if end - start > 24 {
                crowded.append(start..<end)
            } else {
                Self.insertionSort(&target, start..<end)
            }
            start = end
        }
        // Only repeated keys, and those that somebody made for it, crowd a slot.
        for range in crowded { entries.replaceSubrange(range, with: entries[range].sorted()) }
    }

    @inline(__always)
    private static func insertionSort(_ entries: inout MutableSpan<MessageSort.Entry>, _ range: Range<Int>) {
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

    /// Moves the first entry of each key to the front, and removes the others.
    private mutating func leaveOutRepeats() {
        var repeated: [Int] = []
        var (kept, last) = (0, MessageKey.none)
        var target = entries.mutableSpan
        for index in target.indices {
            let entry = target[index]
            guard entry.key != last else {
                repeated.append(Int(entry.arrival))
                continue
            }
            last = entry.key
            target[kept] = entry
            kept += 1
        }
        entries.removeLast(entries.count - kept)
        repeats = repeated
    }
}
