/// A scanner of numbers, signs and names in ASCII bytes, from left to right.
struct DigitScanner: ~Escapable {
    private let bytes: Span<UInt8>
    private(set) var position = 0
    /// The milliseconds of the fraction that was read last.
    private(set) var fractionMilliseconds: Int?

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    mutating func skipDigits() -> Int {
        let start = position
        while let byte = next, byte >= 48, byte <= 57 { position += 1 }
        return position - start
    }

    /// Reads exactly `digits` digits.
    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for _ in 0..<digits {
            let byte = bytes[position]
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
            position += 1
        }
        return value
    }

    /// Reads one to `digits` digits, as in `9/1/2011`.
    mutating func number(upTo digits: Int) -> Int? {
        let start = position
        var value = 0
        while position - start < digits, let byte = next, byte >= 48, byte <= 57 {
            value = value * 10 + Int(byte - 48)
            position += 1
        }
        return position > start ? value : nil
    }

    mutating func signedInteger() -> Int64? {
        let isNegative = take(UInt8(ascii: "-"))
        let start = position
        var value: Int64 = 0
        while let byte = next, byte >= 48, byte <= 57 {
            guard position - start < 18 || (position - start == 18 && value <= 922_337_203_685_477_579) else {
                return nil
            }
            value = value * 10 + Int64(byte - 48)
            position += 1
        }
        guard position > start else { return nil }
        return isNegative ? -value : value
    }

    /// Reads a point or comma and digits as milliseconds; finer digits are cut off.
    mutating func fraction() -> Int? {
        guard take(UInt8(ascii: ".")) || take(UInt8(ascii: ",")) else { return nil }
        var (value, scale) = (0, 100)
        let start = position
        while let byte = next, byte >= 48, byte <= 57 {
            value += Int(byte - 48) * scale
            scale /= 10
            position += 1
        }
        guard position > start else { return nil }
        fractionMilliseconds = value
        return value
    }

    /// Takes what stands between a day and its clock: `T`, `t` or a space.
    mutating func takeDayEnd() -> Bool {
        take(UInt8(ascii: "T")) || take(UInt8(ascii: " ")) || take(UInt8(ascii: "t"))
    }

    /// Reads a zone as ``zone(into:)``, or `UTC` or `GMT`; spaces may stand before it.
    mutating func separateZone(into time: inout LocalTime) -> Bool {
        while take(UInt8(ascii: " ")) {}
        for name in ["UTC", "GMT"] where take(name) {
            (time.zoneOffsetMinutes, time.isZulu) = (0, true)
            return true
        }
        return zone(into: &time)
    }

    private mutating func take(_ word: String) -> Bool {
        let word = word.utf8
        guard position + word.count <= bytes.count else { return false }
        for (place, byte) in word.enumerated() where bytes[position + place] != byte { return false }
        position += word.count
        return true
    }

    /// Reads `Z`, `z`, `+02:00`, `+0200` or `+02`.
    mutating func zone(into time: inout LocalTime) -> Bool {
        if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) {
            (time.zoneOffsetMinutes, time.isZulu) = (0, true)
            return true
        }
        let isWest = next == UInt8(ascii: "-")
        guard isWest || next == UInt8(ascii: "+") else { return false }
        position += 1
        guard let hours = number(digits: 2), hours <= 18 else { return false }
        var minutes = 0
        if !isAtEnd {
            _ = take(UInt8(ascii: ":"))
            guard let part = number(digits: 2), part < 60 else { return false }
            minutes = part
        }
        time.zoneOffsetMinutes = (isWest ? -1 : 1) * (hours * 60 + minutes)
        return true
    }

    /// Reads an English month name by its first three letters, in either case, and skips the rest of the
    /// name.
    mutating func monthName() -> Int? {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        guard position + 3 <= bytes.count else { return nil }
        let letters = (position..<position + 3).map { bytes[$0] | 0x20 }
        guard let month = names.firstIndex(of: String(decoding: letters, as: UTF8.self)) else { return nil }
        position += 3
        while let byte = next, byte | 0x20 >= UInt8(ascii: "a"), byte | 0x20 <= UInt8(ascii: "z") {
            position += 1
        }
        return month + 1
    }
}
