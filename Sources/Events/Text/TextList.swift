import LimpetDocuments

/// A list of texts in one array of bytes, each with its hash.
package struct TextList: Sendable {
    private var bytes: [UInt8] = []
    /// The end of each text in `bytes`.
    private var ends: [Int] = []
    /// Each text's hash.
    private(set) var hashes: [UInt32] = []
    private let seed = TextHash.seed

    /// Makes an empty list.
    package init() {}

    /// A list with the empty text at index 0.
    package static var beginningWithEmpty: TextList {
        var list = TextList()
        _ = list.append([UInt8]().span)
        return list
    }

    /// The number of texts.
    package var count: Int { ends.count }

    /// The memory in bytes.
    var byteCount: Int { bytes.capacity + 8 * ends.capacity + 4 * hashes.capacity }

    /// Returns the text at an index.
    package func text(_ code: Int) -> String {
        self[code].withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of the text at an index.
    package subscript(code: Int) -> Span<UInt8> {
        @inline(__always)
        @_lifetime(borrow self) get { bytes.span.extracting(start(code)..<ends[code]) }
    }

    /// Reads the first byte of a text, to bring it into the cache; returns 0 after the last byte of the list.
    @inline(__always)
    func touch(_ code: Int) -> UInt64 {
        let start = start(code)
        return start < bytes.count ? UInt64(bytes[start]) : 0
    }

    /// Adds a text and returns its index; equal texts are added again, except right after each other, as in
    /// logs that are sorted by user.
    @inline(__always)
    package mutating func append(_ text: Span<UInt8>) -> UInt32 {
        let hash = self.hash(text)
        if let last = hashes.last, last == hash, self[count - 1].isVerbatim(text) {
            return UInt32(count - 1)
        }
        return append(text, hash: hash)
    }

    /// Adds a text and returns its index, as for its bytes.
    package mutating func append(_ text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { append($0.span) }
    }

    /// Returns the hash of a text, the same in all lists.
    @inline(__always)
    func hash(_ text: Span<UInt8>) -> UInt32 { TextHash.value(text, seed: seed) }

    @inline(__always)
    mutating func append(_ text: Span<UInt8>, hash: UInt32) -> UInt32 {
        precondition(count < Self.limit, "the capacity is \(Self.limit) texts")
        text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
        hashes.append(hash)
        return UInt32(count - 1)
    }

    /// The largest number of texts in one list.
    private static let limit = Int(UInt32.max) - 1

    @inline(__always)
    private func start(_ code: Int) -> Int { code == 0 ? 0 : ends[code - 1] }
}
