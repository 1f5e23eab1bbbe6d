public import LimpetEvents

extension FlatTable {
    /// The latest date of all columns of dates; nil without any.
    package var latestDate: Timestamp? {
        columns.compactMap { column -> Double? in
            guard case .date(let order, let reference) = column.notation,
                case .numbers(let values) = column.values
            else { return nil }
            let days = values.lazy.filter { !$0.isNaN }.min()
            // Read as the days before 1970, the latest date has the least of them.
            return days.map {
                -Notation.date(order, before: reference).moving($0, before: Timestamp(milliseconds: 0))
            }
        }.max().map { Timestamp(milliseconds: Int64(($0 * 86_400_000).rounded())) }
    }

    /// Returns the table with dates as the days before a reference.
    package func countingDays(before reference: Timestamp) -> FlatTable {
        var counted = columns
        for place in counted.indices {
            guard let notation = columns[place].notation, case .date(let order, _) = notation,
                case .numbers(let values) = columns[place].values
            else { continue }
            counted[place].values = .numbers(values.map { notation.moving($0, before: reference) })
            counted[place].notation = .date(order, before: reference)
        }
        return FlatTable(file: file, columns: counted, lines: lines)
    }
}
