import LimpetDecisions
import LimpetEvents
package import LimpetStorage

/// The rows of the table of states, which follow the log in the background.
extension EmbeddedStore {
    /// The records behind the log after which rows are written.
    package static let sweepDistance: UInt64 = 200_000

    /// Begins to bring all rows up to the last stored record.
    package func beginSweep() { sweepEnd = lastStored }

    /// Packs some of the rows that are due, and returns a slice when there is one to be written; whoever
    /// writes it tells ``didWriteSlice(_:)`` how it went.
    ///
    /// - Parameter rows: the rows that are packed at most.
    package func sweep(rows: Int = 32) -> StateSlice? {
        if sweepEnd == nil, lastStored >= position + Self.sweepDistance { beginSweep() }
        guard let end = sweepEnd else { return nil }
        var left = rows
        while left > 0, dirty.readyBytes < DirtyRows.sliceBytes, let entry = firstDirty(), entry.since <= end
        {
            left -= 1
            dirty.removeFirst()
            pack(entry)
        }
        let isLast = (dirty.oldest(isBehind: isBehind) ?? .max) > end
        guard dirty.writing == nil, isLast || dirty.readyBytes >= DirtyRows.sliceBytes else { return nil }
        if dirty.ready.isEmpty, position >= end {
            sweepEnd = nil
            return nil
        }
        return dirty.begin(position: positionAfterSlice())
    }

    private func firstDirty() -> DirtyRows.Entry? { dirty.first(isBehind: isBehind) }

    /// The record up to which the table has all once the next slice is written.
    private func positionAfterSlice() -> UInt64 {
        min(lastStored, (dirty.oldest(isBehind: isBehind) ?? .max) - 1)
    }

    /// Returns true if the row of a profile is still behind since a record.
    private func isBehind(_ entry: DirtyRows.Entry) -> Bool {
        let since =
            hot.peek(entry.number)?.place.dirtySince ?? leaving[entry.number]?.place.dirtySince
            ?? forgotten[entry.number]?.since
        return since == entry.since
    }

    /// Packs the row of a profile, or puts that off until the group that changed it is stored.
    private func pack(_ entry: DirtyRows.Entry) {
        guard let held = try? held(entry.number), held.place.unit <= storedUnit else {
            return dirty.postpone(entry)
        }
        dirty.add(row(of: held))
    }

    private func row(of held: HeldProfile) -> DirtyRows.Row {
        let entry = DirtyRows.Entry(since: held.place.dirtySince, number: held.number)
        held.place.dirtySince = 0
        return DirtyRows.Row(
            entry: entry, bytes: held.profile.packed(), ids: held.profile.ids.map(hash),
            absorbed: absorbed.removeValue(forKey: held.number) ?? [],
            wakeUp: held.profile.wakeUp?.milliseconds)
    }

    /// Packs rows whose turn has come and that a unit changed, before the next one changes them again.
    func packPostponed(_ unit: EmbeddedUnit) {
        guard !dirty.postponed.isEmpty else { return }
        // A row with a join goes together with the removal of the other profile, which is certain only then.
        let joined = Set(unit.absorbed.map(\.survivor))
        for number in dirty.postponed.keys.sorted() where unit.before[number] != nil {
            guard let held = hot.peek(number), !joined.contains(number) else { continue }
            // It stays postponed, so that the position does not pass it before the unit is stored.
            unit.rows.append(row(of: held))
        }
    }

    /// Packs rows whose turn had come when a group was not stored yet that now is.
    func resumePostponed() {
        for number in dirty.postponed.keys.sorted() where leaving[number] == nil {
            do throws(StorageError) {
                let held = try held(number)
                if let held, held.place.unit > storedUnit { continue }
                _ = dirty.resume(number)
                if let held, held.place.dirtySince != 0 { dirty.add(row(of: held)) }
            } catch {
                // What cannot be read now is read later; until then the position stays before it.
                continue
            }
        }
    }

    /// Takes notice of the end of the writing of a slice; one that failed is written again.
    package func didWriteSlice(_ slice: StateSlice, _ error: StorageError?) {
        gone.subtract(dirty.end(isWritten: error == nil))
        if error == nil, let new = slice.position { position = max(position, UInt64(new)) }
    }
}
