import LimpetEvents

/// A formatter of the seconds of one day, which formats the date only once.
struct ClockText: Sendable {
    private let midnight: Int64
    private let date: [UInt8]

    /// Makes the formatter of the day of a time in seconds since 1970 UTC.
    init(dayOf second: Int64) {
        let day = second.flooredQuotient(by: 86_400)
        midnight = day * 86_400
        date = Array(CivilDate(dayNumber: day).description.utf8)
    }

    func contains(_ second: Int64) -> Bool {
        (midnight..<midnight + 86_400).contains(second)
    }

    fileprivate func append(to bytes: inout [UInt8], second: Int64) {
        let rest = Int(second - midnight)
        bytes.append(contentsOf: date)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendNumber(rest / 3_600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendNumber(rest / 60 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendNumber(rest % 60, width: 2)
        bytes.append(UInt8(ascii: "Z"))
    }
}

extension [UInt8] {
    mutating func append(_ clock: ClockText, second: Int64) {
        clock.append(to: &self, second: second)
    }

    mutating func appendComma() {
        append(UInt8(ascii: ","))
    }

    /// Appends a comma and a text; no text of the simulated log needs quotes.
    mutating func appendCell(_ text: String) {
        appendComma()
        append(contentsOf: text.utf8)
    }

    /// Appends a comma and, unless it is nil, a number of hundredths with two decimals.
    mutating func appendHundredths(_ hundredths: Int?) {
        appendComma()
        guard let hundredths else { return }
        appendNumber(hundredths / 100, width: 1)
        append(UInt8(ascii: "."))
        appendNumber(hundredths % 100, width: 2)
    }

    /// Appends a user's name such as `u000017`.
    mutating func appendUser(_ index: Int) {
        append(UInt8(ascii: "u"))
        appendNumber(index, width: 6)
    }

    /// Appends a non-negative number in decimal, padded with zeros to `width` digits.
    mutating func appendNumber(_ number: Int, width: Int) {
        var divisor = 1
        var digits = 1
        while digits < width || number / divisor >= 10 {
            divisor *= 10
            digits += 1
        }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
