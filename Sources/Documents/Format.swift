/// Numbers as people read them.
package enum Format {
    /// A number with a fixed number of decimals.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 1e15 else { return value.description }
        let digits = String(Int64(scaled.magnitude))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    package static func fixed(_ value: Double?, _ decimals: Int) -> String {
        value.map { fixed($0, decimals) } ?? "–"
    }

    /// A number with its sign, also above 0.
    package static func signed(_ value: Double, _ decimals: Int) -> String {
        (value >= 0 ? "+" : "") + fixed(value, decimals)
    }

    package static func percent(_ value: Double?, _ decimals: Int = 1) -> String {
        value.map { fixed($0 * 100, decimals) + " %" } ?? "–"
    }

    /// A length of time in the largest unit of which there is at least one.
    package static func span(days: Double) -> String {
        if days >= 1 { return "\(short(days)) days" }
        if days >= 1.0 / 24 { return "\(short(days * 24)) hours" }
        return days >= 1.0 / 1_440 ? "\(short(days * 1_440)) minutes" : "\(short(days * 86_400)) seconds"
    }

    /// A whole number with commas between thousands.
    package static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var groups: [Substring] = []
        var rest = digits[...]
        while rest.count > 3 {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (value < 0 ? "-" : "") + ([rest] + groups).joined(separator: ",")
    }

    /// A number in at most five significant digits, for axes.
    package static func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value == value.rounded(), value.magnitude < 1e6 { return String(Int(value)) }
        let decimals =
            value.magnitude >= 1_000 ? 0 : value.magnitude >= 10 ? 1 : value.magnitude >= 0.1 ? 3 : 5
        let text = fixed(value, decimals)
        guard text.contains(".") else { return text }
        var trimmed = text[...]
        while trimmed.last == "0" { trimmed = trimmed.dropLast() }
        return String(trimmed.last == "." ? trimmed.dropLast() : trimmed)
    }
}
