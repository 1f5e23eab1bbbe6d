import LimpetParallel

/// The rows of a log, dealt out to partitions of neighbouring users: a first pass of a counting sort, so that
/// the second writes to little memory at a time.
struct UserPartitions {
    private let chunks: [Chunk]
    private let userCount: Int
    private let rowCount: Int
    /// The logarithm of the number of users in a partition.
    private let shift: Int

    private static let (partitionBits, rowsPerChunk) = (8, 1 << 18)

    /// Deals out rows.
    ///
    /// - Parameters:
    ///   - codes: the user of each row.
    ///   - ranks: the place of each user in the order of users.
    init(_ codes: [UInt32], ranks: [UInt32], threads: Int) {
        (userCount, rowCount) = (ranks.count, codes.count)
        let bits = Int.bitWidth - max(0, ranks.count - 1).leadingZeroBitCount
        let shift = max(0, bits - Self.partitionBits)
        let partitions = ((ranks.count + (1 << shift) - 1) >> shift)
        let bounds = ConcurrentBlocks.bounds(codes.count, length: Self.rowsPerChunk)
        self.shift = shift
        chunks = ConcurrentBlocks.map(bounds.count - 1, threads: threads) { chunk in
            Chunk(
                codes.span.extracting(bounds[chunk]..<bounds[chunk + 1]), first: bounds[chunk],
                ranks: ranks.span, partitions, shift: shift)
        }
    }

    /// The rows of one part of a log, by partition and in their order.
    private struct Chunk: Sendable {
        /// The user's rank in the upper half, the row in the lower.
        let entries: [UInt64]
        /// The first entry of each partition, and the number of entries at the end.
        let starts: [Int]

        init(_ codes: Span<UInt32>, first: Int, ranks: Span<UInt32>, _ partitions: Int, shift: Int) {
            var starts = [Int](repeating: 0, count: partitions + 1)
            for place in codes.indices { starts[Int(ranks[Int(codes[place])] >> UInt32(shift)) + 1] += 1 }
            for partition in 0..<partitions { starts[partition + 1] += starts[partition] }
            var entries = [UInt64](repeating: 0, count: codes.count)
            var next = starts
            var target = entries.mutableSpan
            var places = next.mutableSpan
            for place in codes.indices {
                let rank = ranks[Int(codes[place])]
                let partition = Int(rank >> UInt32(shift))
                target[places[partition]] = UInt64(rank) << 32 | UInt64(first + place)
                places[partition] += 1
            }
            (self.entries, self.starts) = (entries, starts)
        }

        @inline(__always)
        func range(_ partition: Int) -> Range<Int> { starts[partition]..<starts[partition + 1] }
    }

    /// Returns the first position of each user, with the row count at the end, and the row at each position.
    func rows(threads: Int) -> (starts: [Int], rows: [UInt32]) {
        let partitions = (userCount + (1 << shift) - 1) >> shift
        let counts = ConcurrentBlocks.map(partitions, threads: threads) { self.counts(of: $0) }
        var (starts, bounds) = ([0], [0])
        starts.reserveCapacity(userCount + 1)
        for some in counts {
            for count in some { starts.append(starts[starts.count - 1] + count) }
            bounds.append(starts[starts.count - 1])
        }
        var rows = [UInt32](repeating: 0, count: rowCount)
        ConcurrentBlocks.forEachPart(of: &rows, bounds: bounds, threads: threads) { partition, rows in
            var (next, place) = (counts[partition], 0)
            for user in next.indices { (next[user], place) = (place, place + next[user]) }
            var target = next.mutableSpan
            forEachEntry(of: partition) { user, row in
                rows[target[user]] = row
                target[user] += 1
            }
        }
        return (starts, rows)
    }

    /// Returns the number of rows of each user of a partition.
    private func counts(of partition: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: min(1 << shift, userCount - partition << shift))
        var target = counts.mutableSpan
        forEachEntry(of: partition) { user, _ in target[user] += 1 }
        return counts
    }

    /// Calls `body` with each row of a partition, and its user's place in the partition.
    @inline(__always)
    private func forEachEntry(of partition: Int, _ body: (_ user: Int, _ row: UInt32) -> Void) {
        let first = partition << shift
        for chunk in chunks {
            let entries = chunk.entries.span
            for place in chunk.range(partition) {
                let entry = entries[place]
                body(Int(entry >> 32) - first, UInt32(truncatingIfNeeded: entry))
            }
        }
    }
}
