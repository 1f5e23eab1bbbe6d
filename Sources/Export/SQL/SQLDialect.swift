/// The engines that queries are written for, and what each says in its own way.
public enum SQLDialect: String, CaseIterable, Sendable {
    /// DuckDB 1.x.
    case duckdb
    /// PostgreSQL 12 or later.
    case postgres
    /// Apache Spark 3.4 or later, and Databricks.
    case spark

    /// A name of a table or a column. Names with dots are of one column, not of a path.
    func name(_ name: String) -> String {
        let mark = self == .spark ? "`" : "\""
        return mark
            + name.split(separator: Character(mark), omittingEmptySubsequences: false)
            .joined(separator: mark + mark) + mark
    }

    /// A text. Spark reads backslashes within texts as escapes.
    func text(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": escaped += self == .spark ? "\\'" : "''"
            case "\\" where self == .spark: escaped += "\\\\"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "'\(escaped)'"
    }

    /// A list of texts.
    func texts(_ texts: [String]) -> String { texts.map(text).joined(separator: ", ") }

    /// The type of a number of 64 bits with a fraction.
    var double: String { self == .postgres ? "DOUBLE PRECISION" : "DOUBLE" }

    /// The type of a text.
    var string: String { self == .spark ? "STRING" : "TEXT" }

    /// A whole number of any size as a double, rounded once.
    func double(_ expression: String) -> String {
        switch self {
        // A cast from 128 bits rounds twice where they are negative, or beyond 64 bits in some versions; digits do not.
        case .duckdb: "CAST(CAST(\(expression) AS VARCHAR) AS DOUBLE)"
        default: "CAST(\(expression) AS \(double))"
        }
    }

    /// A whole number wide enough for sums of amounts and of their squares.
    func wide(_ expression: String) -> String {
        switch self {
        case .duckdb: "CAST(\(expression) AS HUGEINT)"
        case .postgres: "CAST(\(expression) AS NUMERIC)"
        case .spark: "CAST(\(expression) AS DECIMAL(38, 0))"
        }
    }

    /// The whole quotient of whole numbers that are not below 0.
    func quotient(_ dividend: String, _ divisor: String) -> String {
        switch self {
        case .duckdb: "((\(dividend)) // (\(divisor)))"
        case .postgres: "((\(dividend)) / (\(divisor)))"
        case .spark: "((\(dividend)) div (\(divisor)))"
        }
    }

    /// The quotient of a wide whole number and one above 0, rounded down.
    func flooredQuotient(_ dividend: String, _ divisor: String) -> String {
        let quotient =
            switch self {
            case .duckdb: "(\(dividend) // \(divisor))"
            case .postgres: "DIV(\(dividend), \(divisor))"
            case .spark: "(\(dividend) div \(divisor))"
            }
        // All engines cut the fraction off, which rounds numbers below 0 up.
        let isAbove = "\(wide(quotient)) * \(divisor) > \(dividend)"
        return "\(quotient) - CASE WHEN \(isAbove) THEN 1 ELSE 0 END"
    }

    /// The remainder of whole numbers that are not below 0.
    func remainder(_ dividend: String, _ divisor: String) -> String { "((\(dividend)) % (\(divisor)))" }

    /// A whole number without its last bits.
    func shifted(_ expression: String, by bits: String) -> String {
        self == .spark
            ? "shiftright(\(expression), CAST(\(bits) AS INT))" : "((\(expression)) >> CAST(\(bits) AS INT))"
    }

    /// Whether a text begins so.
    func begins(_ expression: String, with start: String) -> String {
        (self == .spark ? "startswith" : "starts_with") + "(\(expression), \(text(start)))"
    }

    /// A double, all digits.
    func literal(_ number: Double) -> String { "CAST('\(number)' AS \(double))" }
}
