/// The supported SQL engines, with the syntax in which they differ.
public enum SQLDialect: String, CaseIterable, Sendable {
    /// DuckDB 1.x.
    case duckdb
    /// PostgreSQL 12 or later.
    case postgres
    /// Apache Spark 3.4 or later, and Databricks.
    case spark

    /// Returns a quoted name of a table or a column. A name with dots is one name, not a path.
    func name(_ name: String) -> String {
        let mark = self == .spark ? "`" : "\""
        return mark
            + name.split(separator: Character(mark), omittingEmptySubsequences: false)
            .joined(separator: mark + mark) + mark
    }

    /// Returns a text literal. Spark treats backslashes in texts as escapes.
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

    /// Returns a list of text literals.
    func texts(_ texts: [String]) -> String { texts.map(text).joined(separator: ", ") }

    /// The type of a 64-bit floating-point number.
    var double: String { self == .postgres ? "DOUBLE PRECISION" : "DOUBLE" }

    /// The type of a text.
    var string: String { self == .spark ? "STRING" : "TEXT" }

    /// Returns a whole number of any size as a double, rounded once.
    func double(_ expression: String) -> String {
        switch self {
        // A cast from 128 bits rounds twice for negative numbers, and in some versions beyond 64 bits; digits
        // do not.
        case .duckdb: "CAST(CAST(\(expression) AS VARCHAR) AS DOUBLE)"
        default: "CAST(\(expression) AS \(double))"
        }
    }

    /// Returns a whole number cast to a type that is wide enough for sums of amounts and of their squares.
    func wide(_ expression: String) -> String {
        switch self {
        case .duckdb: "CAST(\(expression) AS HUGEINT)"
        case .postgres: "CAST(\(expression) AS NUMERIC)"
        case .spark: "CAST(\(expression) AS DECIMAL(38, 0))"
        }
    }

    /// Returns the whole quotient of non-negative whole numbers.
    func quotient(_ dividend: String, _ divisor: String) -> String {
        switch self {
        case .duckdb: "((\(dividend)) // (\(divisor)))"
        case .postgres: "((\(dividend)) / (\(divisor)))"
        case .spark: "((\(dividend)) div (\(divisor)))"
        }
    }

    /// Returns the floor of the quotient of a wide whole number and a positive one.
    func flooredQuotient(_ dividend: String, _ divisor: String) -> String {
        let quotient =
            switch self {
            case .duckdb: "(\(dividend) // \(divisor))"
            case .postgres: "DIV(\(dividend), \(divisor))"
            case .spark: "(\(dividend) div \(divisor))"
            }
        // All engines truncate, which rounds negative quotients up.
        let isAbove = "\(wide(quotient)) * \(divisor) > \(dividend)"
        return "\(quotient) - CASE WHEN \(isAbove) THEN 1 ELSE 0 END"
    }

    /// Returns the remainder of non-negative whole numbers.
    func remainder(_ dividend: String, _ divisor: String) -> String { "((\(dividend)) % (\(divisor)))" }

    /// Returns a whole number shifted right by a number of bits.
    func shifted(_ expression: String, by bits: String) -> String {
        self == .spark
            ? "shiftright(\(expression), CAST(\(bits) AS INT))" : "((\(expression)) >> CAST(\(bits) AS INT))"
    }

    /// Returns a condition that is true when a text begins with `start`.
    func begins(_ expression: String, with start: String) -> String {
        (self == .spark ? "startswith" : "starts_with") + "(\(expression), \(text(start)))"
    }

    /// Returns the number that a text holds; null where it holds none.
    func number(ofText text: String) -> String {
        self == .postgres
            ? "CASE WHEN \(text) ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$' THEN CAST(\(text) AS \(double)) END"
            : "TRY_CAST(\(text) AS \(double))"
    }

    /// Returns a double literal with all digits.
    func literal(_ number: Double) -> String { "CAST('\(number)' AS \(double))" }
}
