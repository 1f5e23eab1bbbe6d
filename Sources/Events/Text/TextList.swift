/// Texts by number as bytes, one behind the other, each with its hash.
package struct TextList: Sendable {
    private var bytes: [UInt8] = []
    /// Where each text ends in `bytes`.
    private var ends: [Int] = []
    /// Each text's hash.
    private(set) var hashes: [UInt32] = []

    /// An empty list.
    package init() {}

    /// A list whose number 0 is the empty text.
    package static var beginningWithEmpty: TextList {
        var list = TextList()
        _ = list.append([UInt8]().span)
        return list
    }

    /// The number of texts.
    package var count: Int { ends.count }

    /// The text with a number.
    package func text(_ code: Int) -> String {
        self[code].withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of the text with a number.
    package subscript(code: Int) -> Span<UInt8> {
        @inline(__always)
        @_lifetime(borrow self) get { bytes.span.extracting(start(code)..<ends[code]) }
    }

    /// Looks at a text's first byte, where it has one.
    @inline(__always)
    func touch(_ code: Int) -> UInt64 {
        let start = start(code)
        return start < bytes.count ? UInt64(bytes[start]) : 0
    }

    /// Adds a text, equal to others or not, and returns its number; that of the last one when it is the same, as in
    /// logs that are in the order of their users.
    @inline(__always)
    package mutating func append(_ text: Span<UInt8>) -> UInt32 {
        let hash = TextHash.value(text)
        if let last = hashes.last, last == hash, TextHash.areEqual(self[count - 1], text) {
            return UInt32(count - 1)
        }
        return append(text, hash: hash)
    }

    /// Adds a text as its bytes.
    package mutating func append(_ text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { append($0.span) }
    }

    @inline(__always)
    mutating func append(_ text: Span<UInt8>, hash: UInt32) -> UInt32 {
        precondition(count < Self.limit, "there is room for at most \(Self.limit) texts")
        text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
        hashes.append(hash)
        return UInt32(count - 1)
    }

    /// The most texts that one list holds.
    private static let limit = Int(UInt32.max) - 1

    @inline(__always)
    private func start(_ code: Int) -> Int { code == 0 ? 0 : ends[code - 1] }
}
