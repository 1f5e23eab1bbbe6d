extension SlicePass {
    /// Takes the events of a journal, with their amounts in the first column, and writes where their records begin. A read
    /// waits for memory more than for anything else, so all that most plans ask of a record is looked at together.
    ///
    /// - Parameters:
    ///   - slotBit: the bit of the first column's slot in the head; 0 to leave amounts out.
    ///   - starts: room for where the records begin.
    /// - Returns: the bits of all amounts, for ``endAmounts(_:_:units:)``.
    mutating func takeRecords<Layout: RecordLayout>(
        _ records: JournalRecords<Layout>, _ total: Int, slotBit: UInt64, _ starts: NumberView<Int>
    ) -> Int64 {
        let words = records.words.span
        let (primaries, places, base) = (dispatches.primaries, events.places, records.base)
        let (timeDistance, carrierDistance) = (fromCountToTime, layout.sum(0) - layout.carriers(0))
        var (start, index, bits) = (0, 0, Int64(0))
        while index < total {
            guard reach(records.time(start), after: index) else { return bits }
            // One slice; what stays the same in it is held by locals, which no store can change.
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
                // Without branches: whether an event carries an amount is anybody's guess.
                let carries = head & slotBit == 0 ? 0 : primary.amountMask
                // A record without one may be the last.
                let place = min(records.place(start, head: head, slotBit: slotBit), words.count &- 1)
                let amount = Int64(bitPattern: words[place]) & carries
                aggregate[primary.sum] &+= amount
                aggregate[primary.sum &- carrierDistance] &-= carries
                // What stands for a missing amount in a column has all bits here, and so is too wide to be summed.
                bits |= amount ^ (amount >> 63)
                start &+= records.length(start, head: head)
                index &+= 1
            } while index < total
        }
        came(index)
        return bits
    }
}
