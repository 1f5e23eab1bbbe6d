import LimpetDocuments
public import LimpetEvents

/// The messages that a user's events came with lately, so that a repetition is recognised.
///
/// A message takes two words: 64 bits of a keyed hash of its id, and the number of the record with its answer
/// beside 24 bits of a hash of its content.
public struct MessageMemory: Hashable, Sendable {
    private var words: [UInt64] = []
    /// The ends of hours: how many messages had come by then, so that no message needs a time of its own.
    private var hours: [Hour] = []

    private struct Hour: Hashable {
        /// The number of the hour since 1970.
        var number: Int64
        /// The number of messages that came in it.
        var count: Int
    }

    /// The number of messages that are remembered at least for ``hourLimit``, and at most.
    public static let limit = 2_000
    /// The number of hours for which a message is remembered.
    public static let hourLimit: Int64 = 24
    private static let contentBits: UInt64 = 24

    /// Creates an empty memory.
    public init() {}

    /// The number of messages.
    public var count: Int { words.count / 2 }
    /// The memory in bytes.
    var memory: Int { words.capacity * 8 + hours.capacity * MemoryLayout<Hour>.stride }

    /// A message that has come before.
    public struct Repetition: Hashable, Sendable {
        /// The number of the record with the first answer.
        public let record: UInt64
        /// True if the first message with this id had another content.
        public let isConflict: Bool

        /// Creates a repetition.
        public init(record: UInt64, isConflict: Bool) {
            self.record = record
            self.isConflict = isConflict
        }
    }

    /// Returns the first coming of a message; nil for a new one.
    public func repetition(of message: MessageHash) -> Repetition? {
        var place = words.count - 2
        while place >= 0 {
            if words[place] == message.id {
                let word = words[place + 1]
                return Repetition(
                    record: word >> Self.contentBits,
                    isConflict: word & (1 << Self.contentBits - 1) != message.content)
            }
            place -= 2
        }
        return nil
    }

    /// Remembers a message, and forgets those that are too old or too many.
    public mutating func remember(_ message: MessageHash, record: UInt64, at now: Timestamp) {
        forget(at: now)
        let hour = now.milliseconds.flooredQuotient(by: TimeSpan.hour.milliseconds)
        if let last = hours.last, last.number >= hour {
            hours[hours.count - 1].count += 1
        } else {
            hours.append(Hour(number: hour, count: 1))
        }
        words.append(message.id)
        words.append(record << Self.contentBits | message.content)
        if count > Self.limit { drop(count - Self.limit) }
    }

    private mutating func forget(at now: Timestamp) {
        let hour = now.milliseconds.flooredQuotient(by: TimeSpan.hour.milliseconds)
        let old = hours.prefix { $0.number < hour - Self.hourLimit }.reduce(0) { $0 + $1.count }
        if old > 0 { drop(old) }
    }

    private mutating func drop(_ number: Int) {
        words.removeFirst(2 * number)
        var rest = number
        while rest > 0, !hours.isEmpty {
            let part = min(rest, hours[0].count)
            hours[0].count -= part
            rest -= part
            if hours[0].count == 0 { hours.removeFirst() }
        }
    }

    /// Takes in the messages of another profile that is the same user's.
    mutating func join(_ other: MessageMemory) {
        var all: [(hour: Int64, id: UInt64, word: UInt64)] = []
        for memory in [self, other] {
            var place = 0
            for hour in memory.hours {
                for _ in 0..<hour.count {
                    all.append((hour.number, memory.words[place], memory.words[place + 1]))
                    place += 2
                }
            }
        }
        // Records are numbered in the order in which messages came.
        all.sort { ($0.hour, $0.word >> Self.contentBits) < ($1.hour, $1.word >> Self.contentBits) }
        self = MessageMemory()
        for message in all.suffix(Self.limit) {
            words.append(message.id)
            words.append(message.word)
            if hours.last?.number == message.hour {
                hours[hours.count - 1].count += 1
            } else {
                hours.append(Hour(number: message.hour, count: 1))
            }
        }
    }
}

/// The keyed hashes of a message: of its id, and of what it says.
public struct MessageHash: Hashable, Sendable {
    /// 64 bits of the hash of the id.
    public let id: UInt64
    /// 24 bits of the hash of the content.
    public let content: UInt64

    /// Creates hashes; of the content's the lowest 24 bits are kept.
    public init(id: UInt64, content: UInt64) {
        self.id = id
        self.content = content & 0xff_ffff
    }
}

extension MessageMemory {
    func write(to writer: inout PackedWriter) {
        writer.count(hours.count)
        for hour in hours {
            writer.signed(hour.number)
            writer.count(hour.count)
        }
        for word in words { writer.fixed(word) }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        hours = try reader.list { reader throws(PackedError) in
            Hour(number: try reader.signed(), count: try reader.count(limit: Self.limit))
        }
        let count = hours.reduce(0) { $0 + $1.count }
        guard count <= Self.limit, reader.left >= 16 * count else { throw reader.damage }
        words.reserveCapacity(2 * count)
        for _ in 0..<2 * count { words.append(try reader.fixed()) }
    }
}
