import LimpetEvents

extension LiveState {
    /// Returns the state with the events of another one as well, by their times; of equal times this one's
    /// come first.
    package func merging(_ other: LiveState) -> LiveState {
        precondition(other.features === features, "states of one plan merge")
        guard other.count > 0 else { return self }
        guard count > 0 else { return other }
        var merged = LiveState(features)
        let later = other.records
        var next = 0
        for record in records {
            while next < later.count, later[next].time < record.time {
                merged.append(later[next], of: other)
                next += 1
            }
            merged.append(record, of: self)
        }
        for record in later[next...] { merged.append(record, of: other) }
        return merged
    }

    private var records: [EventJournal.Record] {
        var records: [EventJournal.Record] = []
        records.reserveCapacity(count)
        journal.forEach {
            records.append($0)
            return true
        }
        return records
    }

    private mutating func append(_ record: EventJournal.Record, of state: LiveState) {
        append(time: record.time, code: record.code, zoneOffset: record.zoneOffset) {
            state.journal.value(record, slot: $0)
        }
    }
}
