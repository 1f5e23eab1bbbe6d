import LimpetDocuments

/// A parser of the numbers of a flat table.
enum TableNumber {
    /// Returns the number; nil when the text is not a number, or its magnitude is above
    /// ``TableReader/numberLimit``.
    static func value(_ text: String) -> Double? {
        guard text.isDecimalNumber, let number = Double(text), number.magnitude <= TableReader.numberLimit
        else { return nil }
        return number
    }

    /// Returns the reason why a text is not a number of a column, whose sample decided that it holds numbers;
    /// nil when the model says so.
    static func problem(_ text: String, column: String, sample: ColumnSample?) -> String {
        guard !text.isDecimalNumber else {
            return "found \(text.quoted), expected a finite number of at most "
                + "\(TableReader.numberLimit) in magnitude"
        }
        guard let sample else {
            return "found \(text.quoted), the model expects numbers here; does it mean missing (--missing)?"
        }
        return "found \(text.quoted), expected a number as \(sample.numbers) of the first \(sample.total) "
            + "values are; does it mean missing (--missing), or are these texts (--categorical \(column))?"
    }
}
