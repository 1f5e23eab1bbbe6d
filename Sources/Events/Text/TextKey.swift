/// A 64-bit key of a text, the same on every machine and in every mode; 0 stands for "missing".
///
/// With it, batch and live features tell values apart in the same way without a shared dictionary. FNV-1a
/// (Fowler, Noll, Vo) followed by the finaliser of MurmurHash3 (A. Appleby), which spreads short texts.
public struct TextKey: Hashable, Sendable {
    /// The key; 0 when there is no text.
    public let rawValue: UInt64

    /// The key of "no text".
    public static let missing = TextKey(stored: 0)

    /// Makes a key from a stored value.
    @inlinable
    public init(stored value: UInt64) {
        rawValue = value
    }

    /// Makes the key of a text; that of the empty text is ``missing``.
    public init(_ text: String) {
        var text = text
        self = text.withUTF8 { TextKey(bytes: $0.span) }
    }

    /// Makes the key of a text given as UTF-8; that of the empty text is ``missing``.
    public init(bytes: Span<UInt8>) {
        guard !bytes.isEmpty else {
            self = .missing
            return
        }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices {
            hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3
        }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        rawValue = hash == 0 ? 1 : hash
    }

    /// True for the key of "no text".
    public var isMissing: Bool { rawValue == 0 }
}
