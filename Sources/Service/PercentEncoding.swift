/// The percent encoding of RFC 3986, by which a path carries any text.
enum PercentEncoding {
    /// Returns the text of a path component; nil when an escape is not two hexadecimal digits or the bytes
    /// are not valid UTF-8.
    static func decode(_ component: String) -> String? {
        var bytes: [UInt8] = []
        var rest = component.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.flatMap { byte < 128 ? UInt8($0) : nil }
    }
}
