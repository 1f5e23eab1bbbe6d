/// A reader of JSON (RFC 8259) from untrusted bytes.
///
/// Depth and size are bounded, text must be valid UTF-8, a member's name may occur only once in an object,
/// and nothing but space may follow the value.
public struct JSONReader {
    /// The bounds on a document.
    public struct Limits: Sendable {
        /// The deepest nesting of arrays and objects.
        public var depth: Int
        /// The longest document in bytes.
        public var bytes: Int
        /// The largest number of values in one array.
        public var items: Int

        /// Makes limits.
        public init(depth: Int = 64, bytes: Int = 1 << 28, items: Int = 1_000_000) {
            self.depth = depth
            self.bytes = bytes
            self.items = items
        }
    }

    private let bytes: ArraySlice<UInt8>
    private let limits: Limits
    private var position: Int

    /// Reads a document of one value.
    ///
    /// - Throws: ``JSONError`` with the offset of the first byte in error.
    public static func read(
        _ bytes: ArraySlice<UInt8>, limits: Limits = Limits()
    ) throws(JSONError) -> JSON {
        var reader = JSONReader(bytes: bytes, limits: limits)
        guard bytes.count <= limits.bytes else { throw .tooLong(bytes: bytes.count, limit: limits.bytes) }
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.next == nil else { throw reader.unexpected("the end of the document") }
        return value
    }

    /// Reads an object, and returns its members with the range of bytes that each value takes.
    package static func topLevelMembers(
        _ bytes: ArraySlice<UInt8>, limits: Limits
    ) throws(JSONError) -> [(name: String, value: JSON, range: Range<Int>)] {
        var reader = JSONReader(bytes: bytes, limits: limits)
        guard bytes.count <= limits.bytes else { throw .tooLong(bytes: bytes.count, limit: limits.bytes) }
        var members: [(name: String, value: JSON, range: Range<Int>)] = []
        reader.skipSpace()
        try reader.object(depth: 0) { (reader, name, depth) throws(JSONError) in
            reader.skipSpace()
            let start = reader.position
            let value = try reader.value(depth: depth)
            members.append((name, value, start..<reader.position))
        }
        reader.skipSpace()
        guard reader.next == nil else { throw reader.unexpected("the end of the document") }
        return members
    }

    private init(bytes: ArraySlice<UInt8>, limits: Limits) {
        self.bytes = bytes
        self.limits = limits
        position = bytes.startIndex
    }

    private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private func unexpected(_ expected: String) -> JSONError {
        let found = next.map { "byte \($0)" } ?? "the end"
        return .unexpected(byte: position - bytes.startIndex, found: found, expected: expected)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
    }

    private mutating func take(_ byte: UInt8, _ expected: String) throws(JSONError) {
        guard next == byte else { throw unexpected(expected) }
        position += 1
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            var members: [JSONMember] = []
            try object(depth: depth) { (reader, name, depth) throws(JSONError) in
                members.append(JSONMember(name: name, value: try reader.value(depth: depth)))
            }
            return .object(members)
        case UInt8(ascii: "["): return .array(try list(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for byte in "\(word)".utf8 { try take(byte, "\(word)") }
        return value
    }

    private mutating func object(
        depth: Int, member: (inout JSONReader, String, Int) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth) }
        try take(UInt8(ascii: "{"), "an object")
        skipSpace()
        if next == UInt8(ascii: "}") {
            position += 1
            return
        }
        var names = MemberNames()
        while true {
            skipSpace()
            let start = position
            let name = try string()
            guard names.insert(name) else {
                throw .repeatedName(name, byte: start - bytes.startIndex)
            }
            skipSpace()
            try take(UInt8(ascii: ":"), "':'")
            try member(&self, name, depth + 1)
            skipSpace()
            if next == UInt8(ascii: ",") {
                position += 1
                continue
            }
            return try take(UInt8(ascii: "}"), "',' or '}'")
        }
    }

    private mutating func list(depth: Int) throws(JSONError) -> [JSON] {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth) }
        position += 1
        skipSpace()
        if next == UInt8(ascii: "]") {
            position += 1
            return []
        }
        var values: [JSON] = []
        while true {
            guard values.count < limits.items else { throw .tooManyItems(limit: limits.items) }
            values.append(try value(depth: depth + 1))
            skipSpace()
            if next == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try take(UInt8(ascii: "]"), "',' or ']'")
            return values
        }
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        try digits()
        if bytes[integerStart] == UInt8(ascii: "0"), position - integerStart > 1 {
            position = integerStart + 1
            throw unexpected("no digit after a leading 0")
        }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, byte >= 48, byte <= 57 { position += 1 }
        guard position > start else { throw unexpected(start == position ? "a value" : "a digit") }
    }

    private mutating func string() throws(JSONError) -> String {
        try take(UInt8(ascii: "\""), "a string")
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 {
            position += 1
        }
        if next == UInt8(ascii: "\"") {
            let text = try utf8(Array(bytes[start..<position]), start: start)
            position += 1
            return text
        }
        var buffer = Array(bytes[start..<position])
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 32 else { throw unexpected("an escape instead of a control character") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                try escape(into: &buffer)
            } else {
                buffer.append(byte)
            }
        }
        try take(UInt8(ascii: "\""), "'\"' at the end of a string")
        return try utf8(buffer, start: start)
    }

    private func utf8(_ buffer: [UInt8], start: Int) throws(JSONError) -> String {
        guard let text = String(validating: buffer, as: UTF8.self) else {
            throw .invalidText(byte: start - bytes.startIndex)
        }
        return text
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(JSONError) {
        let simple: [UInt8: UInt8] = [
            0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09,
        ]
        guard let byte = next else { throw unexpected("an escape") }
        position += 1
        if let plain = simple[byte] {
            buffer.append(plain)
            return
        }
        guard byte == UInt8(ascii: "u") else {
            position -= 1
            throw unexpected("an escape")
        }
        var code = try hexadecimalUnit()
        if (0xd800..<0xdc00).contains(code) {
            try take(UInt8(ascii: "\\"), "the second half of a surrogate pair")
            try take(UInt8(ascii: "u"), "the second half of a surrogate pair")
            let low = try hexadecimalUnit()
            guard (0xdc00..<0xe000).contains(low) else { throw unexpected("a low surrogate") }
            code = 0x1_0000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw unexpected("a character, no lone surrogate") }
        buffer.append(contentsOf: String(Character(scalar)).utf8)
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 128 else {
                throw unexpected("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

/// The reason why bytes are not an accepted JSON document.
public enum JSONError: Error, Hashable, CustomStringConvertible {
    /// A byte that the grammar does not allow here.
    case unexpected(byte: Int, found: String, expected: String)
    /// A string that is not valid UTF-8.
    case invalidText(byte: Int)
    /// An array of more values than allowed.
    case tooManyItems(limit: Int)
    /// A name that occurs twice in one object.
    case repeatedName(String, byte: Int)
    /// Arrays and objects that are nested too deeply.
    case tooDeep(limit: Int)
    /// A document that is too long.
    case tooLong(bytes: Int, limit: Int)

    /// The offset of the error, the value found and the value expected.
    public var description: String {
        switch self {
        case .unexpected(let byte, let found, let expected):
            "JSON byte \(byte): found \(found), expected \(expected)"
        case .invalidText(let byte): "JSON byte \(byte): the string is not valid UTF-8"
        case .tooManyItems(let limit): "JSON has an array of more than \(limit) values"
        case .repeatedName(let name, let byte): "JSON byte \(byte): the name \(name) occurs twice"
        case .tooDeep(let limit): "JSON: more than \(limit) levels within each other"
        case .tooLong(let bytes, let limit): "JSON: \(bytes) bytes, at most \(limit) are read"
        }
    }
}
