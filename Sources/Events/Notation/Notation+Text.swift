import LimpetDocuments

extension Notation {
    /// Returns a value as people write it: a date as `2025-01-31`, with the time of day where it has one, and
    /// a number with its sign.
    package func text(_ value: Double) -> String {
        switch self {
        case .number(let notation):
            let digits = value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
            return notation.sign.isEmpty ? digits : "\(digits) \(notation.sign)"
        case .date:
            let time = Timestamp(
                milliseconds: -Int64(moving(value, before: Timestamp(milliseconds: 0)) * 86_400_000))
            let text = time.description
            return text.ends(with: "T00:00:00Z") ? String(text.prefix(10)) : text
        }
    }
}
