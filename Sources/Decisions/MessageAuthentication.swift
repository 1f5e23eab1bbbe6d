import LimpetNumerics
import LimpetScoring

/// The keyed hash HMAC-SHA256 of RFC 2104 and FIPS 198-1.
package enum MessageAuthentication {
    private static let blockLength = 64

    /// Returns the code of a message, which has 32 bytes.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > blockLength ? SHA256.hash(key) : key
        block.append(contentsOf: [UInt8](repeating: 0, count: blockLength - block.count))
        let inner = SHA256.hash(block.map { $0 ^ 0x36 } + message)
        return SHA256.hash(block.map { $0 ^ 0x5c } + inner)
    }

    /// Returns a code, or the beginning of one, in lower-case hexadecimal digits.
    package static func digits(_ code: some Sequence<UInt8>) -> String {
        code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Compares all bytes whatever they are, so that the time tells nothing about a key or a code.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        zip(left, right).reduce(left.count == right.count ? 0 : 1) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
