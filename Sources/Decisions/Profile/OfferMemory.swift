import LimpetDocuments
public import LimpetEvents

/// A user's past with one offer, which outlasts its single deliveries.
public struct OfferMemory: Hashable, Sendable {
    /// The key of the offer's id.
    public var key: UInt64
    /// The time at which the user was first eligible, and the record of that decision.
    public var firstEligible: Eligibility?
    /// The time of the last hand-out.
    public var lastHandOut: Timestamp?
    /// The number of dismissals in a row.
    public var dismissals = 0
    /// The time of the last dismissal.
    public var lastDismissal: Timestamp?
    /// The wait for an absence that fired last, to tell what came too late to end it.
    public var lastFired: Range<Timestamp>?

    /// The first time at which a user was eligible for an offer.
    public struct Eligibility: Hashable, Sendable {
        /// The time.
        public var time: Timestamp
        /// The number of the record.
        public var record: UInt64

        /// Creates an eligibility.
        public init(time: Timestamp, record: UInt64) {
            self.time = time
            self.record = record
        }
    }

    /// Creates the memory of an offer that the user has nothing to do with yet.
    public init(key: UInt64) { self.key = key }

    /// Takes in the user's past with the offer under another id.
    mutating func join(_ other: OfferMemory) {
        if let theirs = other.firstEligible, firstEligible.map({ theirs.time < $0.time }) ?? true {
            firstEligible = theirs
        }
        lastHandOut = [lastHandOut, other.lastHandOut].compactMap { $0 }.max()
        if other.dismissals > dismissals {
            (dismissals, lastDismissal) = (other.dismissals, other.lastDismissal)
        }
        if lastFired == nil { lastFired = other.lastFired }
    }
}

extension OfferMemory {
    func write(to writer: inout PackedWriter) {
        writer.fixed(key)
        writer.optional(firstEligible) {
            $0.signed($1.time.milliseconds)
            $0.number($1.record)
        }
        writer.optional(lastHandOut) { $0.signed($1.milliseconds) }
        writer.count(dismissals)
        writer.optional(lastDismissal) { $0.signed($1.milliseconds) }
        writer.optional(lastFired) {
            $0.signed($1.lowerBound.milliseconds)
            $0.signed($1.upperBound.milliseconds)
        }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        key = try reader.fixed()
        firstEligible = try reader.optional { reader throws(PackedError) in
            Eligibility(time: try reader.time(), record: try reader.number())
        }
        lastHandOut = try reader.optional { reader throws(PackedError) in try reader.time() }
        dismissals = try reader.count(limit: 1_000_000)
        lastDismissal = try reader.optional { reader throws(PackedError) in try reader.time() }
        lastFired = try reader.optional { reader throws(PackedError) in
            let (start, end) = (try reader.time(), try reader.time())
            guard start <= end else { throw reader.damage }
            return start..<end
        }
    }
}

extension PackedReader {
    /// Reads a time.
    mutating func time() throws(PackedError) -> Timestamp { Timestamp(milliseconds: try signed()) }
}

extension PackedWriter {
    /// Writes a time.
    mutating func time(_ time: Timestamp) { signed(time.milliseconds) }
}
