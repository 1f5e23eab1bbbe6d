/// The bytes of one message in the wire format of Protocol Buffers: fields behind each other, each a key and a value.
/// Only what ONNX's messages need: whole numbers as varints, and bytes of a stated length.
struct ProtobufMessage {
    /// The message.
    private(set) var bytes: [UInt8] = []

    /// A whole number, an enumeration or a truth value.
    mutating func add(_ field: Int, _ number: Int) {
        key(field, wireType: 0)
        varint(UInt64(bitPattern: Int64(number)))
    }

    /// A text.
    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    /// A message within this one.
    mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

    /// Bytes.
    mutating func add(_ field: Int, _ content: [UInt8]) {
        key(field, wireType: 2)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func key(_ field: Int, wireType: Int) { varint(UInt64(field << 3 | wireType)) }

    /// Seven bits a byte, the lowest first; the eighth bit says that more follow.
    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
