import LimpetDocuments
import LimpetEvents

extension FlatTable {
    /// Returns the table with the given rows alone, as if the file had no others.
    package func keeping(rows: [Int]) -> FlatTable {
        var kept = columns
        for column in kept.indices { kept[column].values = kept[column].values.keeping(rows: rows) }
        return FlatTable(file: file, columns: kept, lines: rows.map { lines[$0] })
    }
}

extension FlatTable.Values {
    /// The values of the given rows; a dictionary keeps the texts that they have.
    fileprivate func keeping(rows: [Int]) -> FlatTable.Values {
        switch self {
        case .numbers(let numbers): return .numbers(rows.map { numbers[$0] })
        case .texts(let dictionary, let codes):
            // Code 0 is missing, whether a row has it or not.
            var kept = Array(dictionary.prefix(1))
            var newCode = [UInt32](repeating: 0, count: dictionary.count)
            for row in rows where codes[row] > 0 && newCode[Int(codes[row])] == 0 {
                newCode[Int(codes[row])] = UInt32(kept.count)
                kept.append(dictionary[Int(codes[row])])
            }
            return .texts(dictionary: kept, codes: rows.map { newCode[Int(codes[$0])] })
        }
    }
}
