import LimpetDocuments
import LimpetEvents

extension FlatTable {
    /// Returns the table with one text for each number in the columns of codes, so that `1` and `1.0` are
    /// one.
    package func joiningCodes(where areCodes: (Column) -> Bool) -> FlatTable {
        var joined = columns
        for column in columns.indices where areCodes(columns[column]) {
            joined[column].values = columns[column].values.joiningCodes
        }
        return FlatTable(file: file, columns: joined, lines: lines)
    }
}

extension FlatTable.Values {
    fileprivate var joiningCodes: FlatTable.Values {
        guard case .texts(let dictionary, let codes) = self else { return self }
        var joined = TextDictionary.beginningWithEmpty
        let newCode = dictionary.map { joined.code(of: DecimalCode.shortest($0) ?? $0) }
        return .texts(dictionary: joined.texts, codes: codes.map { newCode[Int($0)] })
    }
}
