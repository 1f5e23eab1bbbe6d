import LimpetEvents

/// The keys of the message ids in a columnar log: 16 bytes each, in ascending order, after the header.
struct LogMessages: Equatable {
    /// The number of keys.
    var count = 0
    /// The checksum of each part of ``partKeys`` keys.
    var checksums: [UInt64] = []

    static let keyLength = 16
    /// The keys under one checksum.
    static let partKeys = 1 << 16

    /// The number of bytes in the file.
    var length: Int { count * Self.keyLength }

    /// Reads all keys from an open file.
    ///
    /// - Throws: ``FileError``, or ``ColumnarLogDamage``.
    func keys(of descriptor: CInt, path: String) throws -> MessageKeys {
        var keys: [MessageKey] = []
        keys.reserveCapacity(count)
        for (part, sum) in checksums.enumerated() {
            let first = part * Self.partKeys
            let offset = ColumnarLogFormat.headerLength + first * Self.keyLength
            let length = min(Self.partKeys, count - first) * Self.keyLength
            let bytes = try readBytes(of: descriptor, offset..<offset + length, path: path)
            guard checksum(bytes) == sum else {
                throw ColumnarLogDamage.at(offset: offset, "a checksum of message ids is wrong")
            }
            var reader = LogBytesReader(bytes, origin: offset)
            while reader.remaining > 0 {
                let key = MessageKey(high: try reader.fixed(), low: try reader.fixed())
                guard keys.last.map({ $0 < key }) ?? (key > .none) else {
                    throw reader.damage("message ids that do not ascend")
                }
                keys.append(key)
            }
        }
        return MessageKeys(sorted: keys)
    }
}

/// A writer of the keys, in ascending order.
struct LogMessagesWriter {
    private(set) var messages = LogMessages()
    /// The keys that are not written yet.
    private var part: [MessageKey] = []
    private let store: ([UInt8]) throws(FileError) -> Void

    init(store: @escaping ([UInt8]) throws(FileError) -> Void) { self.store = store }

    mutating func append(_ keys: [MessageKey]) throws(FileError) {
        var rest = keys[...]
        while !rest.isEmpty {
            let taken = rest.prefix(LogMessages.partKeys - part.count)
            part += taken
            rest = rest.dropFirst(taken.count)
            if part.count == LogMessages.partKeys { try finish() }
        }
    }

    /// Writes the last keys.
    mutating func finish() throws(FileError) {
        guard !part.isEmpty else { return }
        let bytes = Self.bytes(of: part)
        messages.count += part.count
        messages.checksums.append(checksum(bytes))
        part.removeAll(keepingCapacity: true)
        try store(bytes)
    }

    private static func bytes(of keys: [MessageKey]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: keys.count * LogMessages.keyLength)
        var span = bytes.mutableSpan
        var words = span.mutableBytes
        for (place, key) in keys.enumerated() {
            let offset = place * LogMessages.keyLength
            words.storeBytes(of: key.high.littleEndian, toByteOffset: offset, as: UInt64.self)
            words.storeBytes(of: key.low.littleEndian, toByteOffset: offset + 8, as: UInt64.self)
        }
        return bytes
    }
}
