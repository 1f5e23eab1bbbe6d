package import LimpetDecisions
import LimpetFeatures
package import LimpetStorage

/// The records about one profile, found from the last one backwards, and through joins.
package struct ProfileChain {
    let log: any RecordStorage

    /// Makes a way through a log.
    package init(_ log: any RecordStorage) { self.log = log }

    /// Returns a record; nil where it was erased, or cut off.
    ///
    /// - Throws: ``StorageError`` when it cannot be read.
    package func record(_ number: UInt64) throws(StorageError) -> DecisionRecord? {
        guard let bytes = try log.record(Int64(number)) else { return nil }
        return try Self.record(number, bytes)
    }

    static func record(_ number: UInt64, _ bytes: [UInt8]) throws(StorageError) -> DecisionRecord? {
        do throws(DecisionRecordError) {
            return try DecisionRecord(number: number, packed: bytes)
        } catch .erased {
            return nil
        } catch {
            throw .failed("\(error)")
        }
    }

    /// Returns the records of a profile alone, in ascending order.
    ///
    /// - Parameters:
    ///   - last: the number of the profile's last record.
    ///   - after: the number of the last record that is not returned.
    package func records(upTo last: UInt64, after: UInt64 = 0) throws(StorageError) -> [DecisionRecord] {
        var (found, next) = ([DecisionRecord](), last)
        while next > after, let record = try record(next) {
            found.append(record)
            next = record.header.previous
        }
        return found.reversed()
    }

    /// Returns the records of a profile and of those that it took in, in ascending order.
    package func wholeHistory(upTo last: UInt64) throws(StorageError) -> [DecisionRecord] {
        var (found, ends) = ([DecisionRecord](), [last])
        while let end = ends.popLast() {
            let part = try records(upTo: end)
            found += part
            ends += part.compactMap { $0.joined?.lastRecord }
        }
        return found.sorted { $0.header.number < $1.header.number }
    }

    /// Brings a profile up to a record.
    ///
    /// - Parameter load: returns a profile that was taken in, as it was after its last record.
    func advance(
        _ profile: inout Profile, to last: UInt64,
        load: (JoinedProfile) throws(StorageError) -> Profile?
    ) throws(StorageError) {
        for record in try records(upTo: last, after: profile.lastRecord) {
            try apply(record, to: &profile, load: load)
        }
    }

    func apply(
        _ record: DecisionRecord, to profile: inout Profile,
        load: (JoinedProfile) throws(StorageError) -> Profile?
    ) throws(StorageError) {
        guard let joined = record.joined else { return profile.apply(record) }
        guard let other = try load(joined) else {
            throw .failed("profile \(joined.number), which record \(record.header.number) names, is missing")
        }
        profile.apply(record, joined: other)
    }
}

extension DecisionRecord {
    /// The profile that the record's input takes in; nil for all others.
    var joined: JoinedProfile? { if case .event(let event) = input { event.joined } else { nil } }
}
