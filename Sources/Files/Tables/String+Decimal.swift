extension String {
    /// True when the text is a decimal number: an optional sign, digits with or without a point, and an
    /// optional exponent. `Double` also accepts words such as `nan` and hexadecimal digits.
    var isDecimalNumber: Bool { utf8.span.isDecimalNumber }

    /// True when the text is an infinite number as programs write it.
    var isInfinity: Bool {
        ["inf", "infinity"].contains(String(drop { $0 == "-" || $0 == "+" }).lowercased())
    }
}

extension Span<UInt8> {
    fileprivate var isDecimalNumber: Bool {
        var place = 0
        skipSign(&place)
        let whole = skipDigits(&place)
        var fraction = 0
        if place < count, self[place] == UInt8(ascii: ".") {
            place += 1
            fraction = skipDigits(&place)
        }
        guard whole + fraction > 0 else { return false }
        guard place < count else { return true }
        guard self[place] | 0x20 == UInt8(ascii: "e") else { return false }
        place += 1
        skipSign(&place)
        return skipDigits(&place) > 0 && place == count
    }

    private func skipSign(_ place: inout Int) {
        if place < count, self[place] == UInt8(ascii: "-") || self[place] == UInt8(ascii: "+") { place += 1 }
    }

    /// Passes the digits at a place; returns their number.
    private func skipDigits(_ place: inout Int) -> Int {
        let start = place
        while place < count, self[place] &- 48 < 10 { place += 1 }
        return place - start
    }
}
