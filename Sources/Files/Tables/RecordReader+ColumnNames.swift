import LimpetDocuments
import LimpetEvents

extension RecordReader {
    /// Returns the fields of the current record as the header of a table.
    ///
    /// Empty names are taken, also several of them: a delimiter at the end of each line leaves one.
    ///
    /// - Throws: `InputError` when a name is not valid UTF-8 or occurs twice.
    func columnNames(file: String) throws(InputError) -> [String] {
        try check()
        var names: [String] = []
        for index in 0..<fieldCount {
            let place = InputPlace(file: file, line: 1, field: "column \(index + 1)")
            guard let name = text(index)?.trimmed else {
                throw InputError(place, "the name is not valid UTF-8")
            }
            guard name.isEmpty || !names.contains(verbatim: name) else {
                throw InputError(place, "the name \(name.quoted) occurs twice")
            }
            names.append(name)
        }
        return names
    }
}
