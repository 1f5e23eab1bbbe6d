import LimpetEvents

extension FeatureCheck {
    /// The rows of a table of given users at all snapshot times, by user and time.
    struct ExtractedRows: Sendable {
        private struct Key: Hashable {
            let user: Int32
            let time: Timestamp
        }

        private var tables: [SnapshotTable] = []
        private var places: [Key: (table: Int, row: Int)] = [:]

        /// - Parameter users: ascending indices into the log's users; consecutive ones share a table.
        init(_ check: FeatureCheck, users: [Int], threads: Int) async throws {
            let times = check.snapshotTimes.map { $0 + check.extraction.delay }
            for run in users.runs {
                let table = try await SnapshotTable.extract(
                    from: check.log, plan: check.extraction.plan, at: times,
                    dataUntil: times.last ?? Timestamp(milliseconds: 0), users: run, threads: threads)
                for row in 0..<table.count {
                    places[Key(user: table.users[row], time: table.times[row])] = (tables.count, row)
                }
                tables.append(table)
            }
        }

        /// Returns the features of a row; nil when there is none.
        func vector(user: Int, at time: Timestamp) -> FeatureVector? {
            places[Key(user: Int32(user), time: time)].map { tables[$0.table].vector(row: $0.row) }
        }
    }
}

extension [Int] {
    /// Returns the numbers in blocks of a length.
    func blocks(of length: Int) -> [[Int]] {
        stride(from: 0, to: count, by: length).map { Array(self[$0..<Swift.min($0 + length, count)]) }
    }

    /// The ranges of consecutive numbers, of ascending ones.
    var runs: [Range<Int>] {
        reduce(into: []) { runs, number in
            if let last = runs.last, last.upperBound == number {
                runs[runs.count - 1] = last.lowerBound..<number + 1
            } else {
                runs.append(number..<number + 1)
            }
        }
    }
}
