import LimpetDocuments
import LimpetEvents

/// The names of the columns of one table, as an engine tells them apart.
struct ColumnNames {
    private let dialect: SQLDialect
    private let ignoresCase: Bool
    private var nameOfKey: [VerbatimText: String] = [:]

    /// Makes a table of columns that are there already.
    ///
    /// - Parameter ignoresCase: true to take names that differ in case for one in any engine, as where a name
    ///   is written without quotes somewhere.
    init(_ names: [String], _ dialect: SQLDialect, ignoresCase: Bool) {
        self.dialect = dialect
        self.ignoresCase = ignoresCase || dialect != .postgres
        for name in names { nameOfKey[key(name)] = name }
    }

    /// Adds a column; returns the name of the one that the engine takes for the same.
    mutating func add(_ name: String) -> String? {
        let key = key(name)
        if let earlier = nameOfKey[key] { return earlier }
        nameOfKey[key] = name
        return nil
    }

    /// The form of a name that decides whether two are one column. DuckDB and Spark ignore the case of quoted
    /// names too; PostgreSQL does not, and cuts names after 63 bytes.
    private func key(_ name: String) -> VerbatimText {
        var key = name
        if dialect == .postgres {
            while key.utf8.count > 63 { key.unicodeScalars.removeLast() }
        }
        // Letters such as the dotless i differ in lower case and not in upper case.
        return VerbatimText(ignoresCase ? key.uppercased().lowercased() : key)
    }
}

extension SQLDialect {
    /// The names that no column of a table can have, since each table has a column of the engine's own.
    var ownColumns: VerbatimSet {
        self == .postgres ? ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"] : []
    }
}
