import LimpetDocuments
public import LimpetEvents

/// A record of the log: an input of one user, all that its step read from outside, and all that it did.
public struct DecisionRecord: Hashable, Sendable {
    /// The head of the record.
    public var header: RecordHeader
    /// The input.
    public var input: ProfileInput
    /// The effects, in the order in which they are applied.
    public var effects: [Effect]
    /// The receipts, in the order in which they came about.
    public var receipts: [StepReceipt]

    /// Creates a record.
    public init(header: RecordHeader, input: ProfileInput, effects: [Effect], receipts: [StepReceipt]) {
        self.header = header
        self.input = input
        self.effects = effects
        self.receipts = receipts
    }
}

/// The head of a record: whose it is, and what its step read from outside.
public struct RecordHeader: Hashable, Sendable {
    /// The number of the record in the log, from 1 without gaps.
    public var number: UInt64
    /// The number of the profile.
    public var profile: UInt64
    /// The number of the profile's record before; 0 for the first.
    public var previous: UInt64
    /// The clock's time.
    public var now: Timestamp
    /// The start of the service that wrote the record.
    public var epoch: UInt32
    /// The generation of model, policy and zones.
    public var generation: UInt32
    /// The cause of a silence towards all users.
    public var silence: SilenceCause?

    /// Creates a head.
    public init(
        number: UInt64, profile: UInt64, previous: UInt64, now: Timestamp, epoch: UInt32, generation: UInt32,
        silence: SilenceCause? = nil
    ) {
        self.number = number
        self.profile = profile
        self.previous = previous
        self.now = now
        self.epoch = epoch
        self.generation = generation
        self.silence = silence
    }

    /// The context of the step.
    public var context: StepContext {
        StepContext(now: now, record: number, epoch: epoch, generation: generation, silence: silence)
    }
}

extension DecisionRecord {
    private static let version: UInt8 = 1

    /// The record as bytes, without its number, which is the log's key.
    ///
    /// In order: the version; the profile, the distance to its record before (0 for none), the time, the
    /// epoch, the generation, the silence (0 for none); the input; the effects; the receipts.
    public func packed() -> [UInt8] {
        var writer = PackedWriter()
        writer.bytes.reserveCapacity(256)
        writer.byte(Self.version)
        writer.number(header.profile)
        writer.number(header.previous == 0 ? 0 : header.number - header.previous)
        writer.time(header.now)
        writer.number(UInt64(header.epoch))
        writer.number(UInt64(header.generation))
        writer.byte(header.silence.map { $0.rawValue + 1 } ?? 0)
        input.write(to: &writer)
        writer.count(effects.count)
        for effect in effects { effect.write(to: &writer) }
        writer.count(receipts.count)
        for receipt in receipts { receipt.write(to: &writer) }
        return writer.bytes
    }

    /// Reads a record.
    ///
    /// - Throws: ``DecisionRecordError`` when the bytes are damaged, or of a newer release.
    public init(number: UInt64, packed bytes: [UInt8]) throws(DecisionRecordError) {
        var reader = PackedReader(bytes)
        do {
            let version = try reader.byte()
            guard version == Self.version else {
                throw version == 0
                    ? DecisionRecordError.erased(number) : .version(Int(version), record: number)
            }
            header = try RecordHeader(number: number, &reader)
            input = try ProfileInput(&reader)
            effects = try reader.list { reader throws(PackedError) in try Effect(&reader) }
            receipts = try reader.list { reader throws(PackedError) in try StepReceipt(&reader) }
            guard reader.isAtEnd else { throw reader.damage }
        } catch let error as DecisionRecordError {
            throw error
        } catch let error as PackedError {
            throw .damaged(number, offset: error.offset)
        } catch {
            throw .damaged(number, offset: 0)
        }
    }
}

extension RecordHeader {
    fileprivate init(number: UInt64, _ reader: inout PackedReader) throws(PackedError) {
        let profile = try reader.number()
        let distance = try reader.number()
        guard distance < number else { throw reader.damage }
        self.init(
            number: number, profile: profile, previous: distance == 0 ? 0 : number - distance,
            now: try reader.time(), epoch: try reader.small(), generation: try reader.small(),
            silence: SilenceCause(rawValue: try reader.byte(atMost: 2) &- 1))
    }
}

/// The reason why a record of the log cannot be read.
public enum DecisionRecordError: Error, Hashable, CustomStringConvertible {
    /// The record was erased with the user's data.
    case erased(UInt64)
    /// The record has a version that this release does not read.
    case version(Int, record: UInt64)
    /// The bytes are invalid at an offset.
    case damaged(UInt64, offset: Int)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .erased(let number): "record \(number) was erased"
        case .version(let version, let number):
            "record \(number) has version \(version), and this release reads version 1"
        case .damaged(let number, let offset): "record \(number) is damaged at byte \(offset)"
        }
    }
}
