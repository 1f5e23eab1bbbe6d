extension SlicePass {
    /// Adds the events of a journal, with their amounts in the first column, and writes where their records
    /// begin.
    ///
    /// Reading is bound by memory latency, so one loop reads all that most plans need of a record.
    ///
    /// - Parameters:
    ///   - slotBit: the mask of the first column's slot in the head; 0 to leave amounts out.
    ///   - starts: the output for the index of each record's first word.
    /// - Returns: the bitwise or of all amounts, for ``endAmounts(_:_:units:)``.
    mutating func takeRecords<Layout: RecordLayout>(
        _ records: JournalRecords<Layout>, _ total: Int, slotBit: UInt64, _ starts: NumberView<Int>
    ) -> Int64 {
        let words = records.words.span
        let (primaries, places, base) = (dispatches.primaries, events.places, records.base)
        let (timeDistance, carrierDistance) = (fromCountToTime, layout.sum(0) - layout.carriers(0))
        var (start, index, bits) = (0, 0, Int64(0))
        while index < total {
            guard reach(records.time(start), after: index) else { return bits }
            // One slice. Its constants are copied to locals, which the compiler knows that no store can
            // change.
            let (limit, aggregateStart) = (boundaryTime, aggregateStart)
            let aggregate = rows.part(aggregateStart, width)
            repeat {
                let head = words[start &+ Layout.headWord]
                let time = Layout.time(words[start], base)
                guard time < limit else { break }
                let primary = primaries[Layout.code(head)]
                starts[index] = start
                places[index] = SliceEvents.Place(aggregate: aggregateStart, code: Layout.code(head))
                aggregate[primary.count] &+= 1
                aggregate[primary.count &+ timeDistance] = time
                // Branch-free, since branches on the presence of an amount would be mispredicted.
                let carries = head & slotBit == 0 ? 0 : primary.amountMask
                // If the last record has no amount, its place is past the end.
                let place = min(records.place(start, head: head, slotBit: slotBit), words.count &- 1)
                let amount = Int64(bitPattern: words[place]) & carries
                aggregate[primary.sum] &+= amount
                aggregate[primary.sum &- carrierDistance] &-= carries
                // A missing amount in a column has all bits set here, and so counts as too wide for a sum.
                bits |= amount ^ (amount >> 63)
                start &+= records.length(start, head: head)
                index &+= 1
            } while index < total
        }
        came(index)
        return bits
    }
}
