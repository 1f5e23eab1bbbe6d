import LimpetDocuments
public import LimpetEvents

/// An offer that was decided on: reserved, so that caps count it, and then handed out at most once.
public struct Delivery: Hashable, Sendable {
    /// The id: the number of the record that reserved it, which no other record of the log has.
    public var record: UInt64
    /// The start of the service that wrote the record, so that a number that was given twice is told apart.
    public var epoch: UInt32
    /// The place of the decision's receipt in that record.
    public var receipt: Int
    /// The place of the offer in the policy by which it was decided.
    public var offer: OfferPlace
    /// The key of the offer's id.
    public var offerKey: UInt64
    /// The time of the decision.
    public var reserved: Timestamp
    /// The end of the time in which it waits.
    public var validUntil: Timestamp
    /// The hand-out; nil while it waits.
    public var handOut: HandOut?
    /// True if it is withheld, since the user is in the holdout: its hand-out is simulated.
    public var isWithheld: Bool
    /// True if it passes the caps and is not counted by them.
    public var isService: Bool
    /// True if it waits for the product itself, false if it goes by another channel.
    public var isInApp: Bool
    /// True once the user has dismissed it.
    public var isDismissed = false

    /// The circumstances of a hand-out, which never change after it.
    public struct HandOut: Hashable, Sendable {
        /// The time.
        public var time: Timestamp
        /// The start of the user's session; nil where the user has none.
        public var session: Timestamp?
        /// The civil day in the user's zone, counted from 1970-01-01.
        public var day: Int64

        /// Creates the circumstances.
        public init(time: Timestamp, session: Timestamp?, day: Int64) {
            self.time = time
            self.session = session
            self.day = day
        }
    }

    /// The id of the decision's receipt.
    public var receiptID: ReceiptID { ReceiptID(epoch: epoch, record: record, index: receipt) }
    /// The time by which the caps count it: that of the hand-out, and until then of the decision.
    public var countedAt: Timestamp { handOut?.time ?? reserved }
}

/// The place of an offer: in the policy of a generation, by its order.
public struct OfferPlace: Hashable, Sendable {
    /// The generation of model, policy and other artefacts.
    public var generation: UInt32
    /// The offer's place in the policy.
    public var index: Int

    /// Creates a place.
    public init(generation: UInt32, index: Int) {
        self.generation = generation
        self.index = index
    }
}

extension Delivery {
    func write(to writer: inout PackedWriter) {
        writer.number(record)
        writer.number(UInt64(epoch))
        writer.count(receipt)
        writer.number(UInt64(offer.generation))
        writer.count(offer.index)
        writer.fixed(offerKey)
        writer.signed(reserved.milliseconds)
        writer.signed(validUntil.milliseconds - reserved.milliseconds)
        writer.byte(
            (isWithheld ? 1 : 0) | (isService ? 2 : 0) | (isInApp ? 4 : 0) | (isDismissed ? 8 : 0))
        writer.optional(handOut) { $1.write(to: &$0) }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        record = try reader.number()
        epoch = try reader.small()
        receipt = try reader.count(limit: 1_000_000)
        offer = OfferPlace(generation: try reader.small(), index: try reader.count(limit: Policy.offerLimit))
        offerKey = try reader.fixed()
        reserved = Timestamp(milliseconds: try reader.signed())
        validUntil = Timestamp(milliseconds: reserved.milliseconds &+ (try reader.signed()))
        let bits = try reader.byte(atMost: 15)
        (isWithheld, isService) = (bits & 1 != 0, bits & 2 != 0)
        (isInApp, isDismissed) = (bits & 4 != 0, bits & 8 != 0)
        handOut = try reader.optional { reader throws(PackedError) in try HandOut(&reader) }
    }
}

extension Delivery.HandOut {
    func write(to writer: inout PackedWriter) {
        writer.signed(time.milliseconds)
        writer.optional(session) { $0.signed($1.milliseconds) }
        writer.signed(day)
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        time = Timestamp(milliseconds: try reader.signed())
        session = try reader.optional { reader throws(PackedError) in
            Timestamp(milliseconds: try reader.signed())
        }
        day = try reader.signed()
    }
}

extension PackedReader {
    /// Reads a number below 2^32.
    mutating func small() throws(PackedError) -> UInt32 {
        UInt32(try count(limit: Int(UInt32.max)))
    }
}
