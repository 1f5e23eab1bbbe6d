/// The bytes of a message in the wire format of Protocol Buffers: consecutive fields, each a key and a value.
/// It supports only what ONNX's messages need: whole numbers as varints, and bytes after their length.
struct ProtobufMessage {
    /// The bytes of the message.
    private(set) var bytes: [UInt8] = []

    /// Adds a whole number, an enumeration value or a Boolean.
    mutating func add(_ field: Int, _ number: Int) {
        key(field, wireType: 0)
        varint(UInt64(bitPattern: Int64(number)))
    }

    /// Adds a text.
    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    /// Adds a nested message.
    mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

    /// Adds bytes after their length.
    mutating func add(_ field: Int, _ content: [UInt8]) {
        key(field, wireType: 2)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func key(_ field: Int, wireType: Int) { varint(UInt64(field << 3 | wireType)) }

    /// Appends seven bits in each byte, the least significant first; the eighth bit is set when more bytes
    /// follow.
    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
