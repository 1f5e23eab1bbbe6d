import LimpetDocuments
import LimpetEvents

/// The hashes of ids whose data were erased, so that what arrives about them later is dropped.
struct Tombstones {
    /// The end of each.
    private var ends: [UInt64: Int64] = [:]
    /// The time for which they stand.
    private let span: TimeSpan

    /// Makes none, of which each will stand for a time.
    init(span: TimeSpan) { self.span = span }

    var isEmpty: Bool { ends.isEmpty }

    func contains(_ hash: UInt64, at now: Timestamp) -> Bool {
        ends[hash].map { now.milliseconds < $0 } ?? false
    }

    /// Adds hashes, and forgets those whose time has passed.
    mutating func add(_ hashes: [UInt64], at now: Timestamp) {
        ends = ends.filter { now.milliseconds < $0.value }
        for hash in hashes { ends[hash] = (now + span).milliseconds }
    }

    /// The hashes as bytes.
    func packed() -> [UInt8] {
        var writer = PackedWriter()
        writer.count(ends.count)
        for (hash, end) in ends.sorted(by: { $0.key < $1.key }) {
            writer.fixed(hash)
            writer.signed(end)
        }
        return writer.bytes
    }

    init(packed bytes: [UInt8], span: TimeSpan) throws(PackedError) {
        self.span = span
        var reader = PackedReader(bytes)
        for _ in 0..<(try reader.count()) {
            let hash = try reader.fixed()
            ends[hash] = try reader.signed()
        }
    }
}

/// The removal of all data about a profile, from the answer on until no byte is left.
package struct Erasure: Hashable, Sendable {
    /// The number of the profile.
    package let profile: UInt64
    /// The number of its last record, from which all others are found.
    package let lastRecord: UInt64
    /// The hashes of its ids.
    package let ids: [UInt64]

    static func packed(_ erasures: [Erasure]) -> [UInt8] {
        var writer = PackedWriter()
        writer.count(erasures.count)
        for erasure in erasures {
            writer.number(erasure.profile)
            writer.number(erasure.lastRecord)
            writer.count(erasure.ids.count)
            for id in erasure.ids { writer.fixed(id) }
        }
        return writer.bytes
    }

    static func list(packed bytes: [UInt8]) throws(PackedError) -> [Erasure] {
        var reader = PackedReader(bytes)
        return try reader.list { reader throws(PackedError) in
            Erasure(
                profile: try reader.number(), lastRecord: try reader.number(),
                ids: try reader.list { reader throws(PackedError) in try reader.fixed() })
        }
    }
}
