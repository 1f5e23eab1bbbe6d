import LimpetEvents

extension FlatTable {
    /// The columns whose name in the header is empty, as a delimiter at the end of each line leaves one.
    package var namelessColumns: [Column] { columns.filter(\.name.isEmpty) }

    /// Returns the table without the columns whose name is empty.
    package func withoutNamelessColumns() -> FlatTable {
        FlatTable(file: file, columns: columns.filter { !$0.name.isEmpty }, lines: lines)
    }
}

extension FlatTable.Column {
    /// The first row with a value; nil where all are missing.
    package var firstValue: Int? {
        switch values {
        case .numbers(let numbers): numbers.firstIndex { !$0.isNaN }
        case .texts(let dictionary, let codes): codes.firstIndex { !dictionary[Int($0)].isEmpty }
        }
    }
}
