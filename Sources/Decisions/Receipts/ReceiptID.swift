/// The id of a receipt: it names the place of the receipt in the log.
///
/// The epoch is that of a start of the service and keeps ids apart that a lost group of records had given.
public struct ReceiptID: Hashable, Sendable, LosslessStringConvertible {
    /// The start of the service.
    public let epoch: UInt32
    /// The number of the record.
    public let record: UInt64
    /// The place in the record.
    public let index: Int

    /// Creates an id.
    public init(epoch: UInt32, record: UInt64, index: Int) {
        self.epoch = epoch
        self.record = record
        self.index = index
    }

    /// Creates the id of a receipt of a record.
    public init(_ header: RecordHeader, index: Int) {
        self.init(epoch: header.epoch, record: header.number, index: index)
    }

    /// Reads an id such as `3-1048-0`.
    public init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let epoch = UInt32(parts[0]), let record = UInt64(parts[1]), let index = Int(parts[2])
        else { return nil }
        self.init(epoch: epoch, record: record, index: index)
    }

    /// The id as text.
    public var description: String { "\(epoch)-\(record)-\(index)" }
}
