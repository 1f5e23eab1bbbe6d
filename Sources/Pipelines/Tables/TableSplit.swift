import LimpetDocuments
public import LimpetEvents
import LimpetFiles

/// A split of a table's rows in time: the estimate is that of a model of the earlier rows on the later ones.
///
///     var table = TableSource("customers.csv")
///     table.split = TableSplit(column: "signed_up", time: nil)
public struct TableSplit: Hashable, Sendable {
    /// The column of the rows' dates or times, which is no input.
    public var column: String
    /// The time of the first later row; nil for that after which the last quarter of the rows lies.
    public var time: Timestamp?

    /// Makes a split.
    public init(column: String, time: Timestamp? = nil) { (self.column, self.time) = (column, time) }

    /// The share of the rows that are later where no time is given.
    private static let lateShare = 0.25

    /// Returns the time of each row, and the first of the later ones.
    ///
    /// - Throws: `InputError` for a column without dates, a row without a date, and where not both classes
    ///   are on both sides.
    func times(
        of table: FlatTable, labels: [Bool]
    ) throws(InputError) -> (ofRow: [Timestamp], border: Timestamp) {
        let column = try table.column(column, flag: "--split-time")
        guard case .date(_, let reference)? = column.notation, case .numbers(let days) = column.values else {
            throw InputError(
                InputPlace(file: table.file, field: self.column),
                "holds no dates or times, by which --split-time could split the rows")
        }
        if let row = days.firstIndex(where: \.isNaN) {
            throw InputError(
                InputPlace(file: table.file, line: Int(table.lines[row]), field: self.column),
                "is missing, expected the date or time of the row, by which --split-time splits")
        }
        let times = days.map {
            Timestamp(
                milliseconds: reference.milliseconds
                    - Int64(($0 * Double(TimeSpan.day.milliseconds)).rounded()))
        }
        let border = time ?? times.sorted()[Int(Double(times.count) * (1 - Self.lateShare))]
        try check(times, border, labels, table)
        return (times, border)
    }

    private func check(
        _ times: [Timestamp], _ border: Timestamp, _ labels: [Bool], _ table: FlatTable
    ) throws(InputError) {
        for (side, isLate) in [("before", false), ("from", true)] {
            let rows = times.indices.filter { (times[$0] >= border) == isLate }
            let positives = rows.count { labels[$0] }
            guard positives == 0 || positives == rows.count else { continue }
            throw InputError(
                InputPlace(file: table.file, field: column),
                "of the \(Format.count(rows.count)) rows \(side) \(border)\(isLate ? " on" : ""), "
                    + "\(Format.count(positives)) have label 1; a split in time needs both labels on both "
                    + "sides")
        }
    }
}
