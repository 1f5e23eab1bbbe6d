extension String {
    /// True when the text is a decimal number: an optional sign, digits with or without a point, and an
    /// optional exponent. `Double` also accepts words such as `nan` and hexadecimal digits.
    var isDecimalNumber: Bool {
        var bytes = utf8[...]
        bytes.skipSign()
        let whole = bytes.skipDigits()
        var fraction = 0
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            fraction = bytes.skipDigits()
        }
        guard whole + fraction > 0 else { return false }
        guard let byte = bytes.first else { return true }
        guard byte | 0x20 == UInt8(ascii: "e") else { return false }
        bytes.removeFirst()
        bytes.skipSign()
        return bytes.skipDigits() > 0 && bytes.isEmpty
    }

    /// True when the text is an infinite number as programs write it.
    var isInfinity: Bool {
        ["inf", "infinity"].contains(String(drop { $0 == "-" || $0 == "+" }).lowercased())
    }
}

extension Substring.UTF8View {
    fileprivate mutating func skipSign() {
        if first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { removeFirst() }
    }

    /// Removes the digits at the start; returns their number.
    fileprivate mutating func skipDigits() -> Int {
        var count = 0
        while let byte = first, byte >= 48, byte <= 57 {
            removeFirst()
            count += 1
        }
        return count
    }
}
