import LimpetDocuments
import LimpetEvents

/// The merge of sorted runs.
enum LogMerge {
    /// Writes the rows of all runs by user, time and arrival, but for those that repeat a message id.
    ///
    /// One block of each run and all rows of one user are in memory at a time.
    static func merge(
        _ runs: [LogRun], columns: [String], leavingOut repeats: RepeatedRows? = nil,
        into writer: inout LogBlockWriter, note: (_ rows: Int) throws -> Void
    ) throws {
        var cursors = RunCursors()
        for run in runs { cursors.append(try RunCursor(run, columns: columns)) }
        var waiting = 0
        while let user = cursors.leastUser {
            var rows = try take(user, from: &cursors, columns: columns.count)
            waiting += rows.count
            if let repeats, !repeats.isEmpty { rows = rows.leavingOut(repeats) }
            try writer.append(user: user, columns: rows.columns, order: rows.order)
            guard waiting >= 1 << 14 else { continue }
            try note(waiting)
            waiting = 0
        }
        try note(waiting)
    }

    /// All rows of a user.
    private struct UserRows {
        /// The columns, `[columns][rows]`.
        var columns: [[Int64]]
        /// The rows by time and arrival; nil where they are in this order.
        var order: [Int]?

        var count: Int { columns[ColumnarLogFormat.time].count }

        /// Returns the rows that do not repeat a message id, numbered by their arrival among such rows.
        func leavingOut(_ repeats: RepeatedRows) -> UserRows {
            var rows = self
            let arrivals = columns[ColumnarLogFormat.arrival]
            let kept = (order ?? Array(0..<count)).filter { !repeats.contains(Int(arrivals[$0])) }
            for row in kept {
                rows.columns[ColumnarLogFormat.arrival][row] = Int64(repeats.place(of: Int(arrivals[row])))
            }
            rows.order = kept
            return rows
        }
    }

    /// Removes all rows of a user from the runs.
    private static func take(
        _ user: String, from cursors: inout RunCursors, columns: Int
    ) throws -> UserRows {
        var rows = [[Int64]](repeating: [], count: ColumnarLogFormat.fixedColumns + columns)
        while let next = cursors.leastUser, next.utf8.elementsEqual(user.utf8) {
            try cursors.takeLeast(into: &rows)
        }
        let times = rows[ColumnarLogFormat.time]
        let arrivals = rows[ColumnarLogFormat.arrival]
        let isSorted = times.indices.dropFirst().allSatisfy {
            (times[$0 - 1], arrivals[$0 - 1]) < (times[$0], arrivals[$0])
        }
        guard !isSorted else { return UserRows(columns: rows, order: nil) }
        return UserRows(
            columns: rows,
            order: times.indices.sorted { (times[$0], arrivals[$0]) < (times[$1], arrivals[$1]) })
    }
}
