import LimpetDocuments
public import LimpetEvents

/// The deliveries to one user over all channels: the one record from which the caps of all offers are
/// computed.
///
/// A delivery counts from its reservation on, and for ever once it is handed out. Users in the holdout are
/// charged for the offers that they would have seen, so that they stay eligible for the same decisions as the
/// users that they are compared with.
public struct AttentionAccount: Hashable, Sendable {
    /// The deliveries in the order of their decisions, except those that no rule needs any more.
    public private(set) var deliveries: [Delivery] = []

    /// The number of deliveries above which old ones are forgotten.
    static let limit = 64
    /// The time for which a delivery is kept at least, so that what the user does with it is known.
    static let memory = TimeSpan.days(30)

    /// Creates an empty account.
    public init() {}

    /// The deliveries that are reserved and not handed out.
    public var waiting: [Delivery] { deliveries.filter { $0.handOut == nil } }

    /// Returns the delivery that a record reserved.
    public func delivery(_ record: UInt64) -> Delivery? { deliveries.first { $0.record == record } }

    mutating func reserve(_ delivery: Delivery) { deliveries.append(delivery) }

    mutating func handOut(_ record: UInt64, _ handOut: Delivery.HandOut) {
        change(record) { $0.handOut = handOut }
    }

    mutating func dismiss(_ record: UInt64) { change(record) { $0.isDismissed = true } }

    /// Takes back a reservation that was not handed out.
    mutating func release(_ record: UInt64) {
        deliveries.removeAll { $0.record == record && $0.handOut == nil }
    }

    private mutating func change(_ record: UInt64, _ body: (inout Delivery) -> Void) {
        if let place = deliveries.firstIndex(where: { $0.record == record }) { body(&deliveries[place]) }
    }

    /// Forgets old deliveries that were handed out, when there are many.
    mutating func forget(at now: Timestamp) {
        guard deliveries.count > Self.limit else { return }
        let (old, surplus) = (now - Self.memory, deliveries.count - Self.limit)
        var forgotten = 0
        deliveries.removeAll { delivery in
            guard forgotten < surplus, let time = delivery.handOut?.time, time < old else { return false }
            forgotten += 1
            return true
        }
    }

    mutating func join(_ other: AttentionAccount) {
        deliveries = (deliveries + other.deliveries).sorted {
            ($0.record, $0.offerKey) < ($1.record, $1.offerKey)
        }
    }
}

extension AttentionAccount {
    func write(to writer: inout PackedWriter) {
        writer.count(deliveries.count)
        for delivery in deliveries { delivery.write(to: &writer) }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        deliveries = try reader.list { reader throws(PackedError) in try Delivery(&reader) }
    }
}
