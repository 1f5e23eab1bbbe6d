import CScoring

extension FlatScorer {
    /// How many rows are scored at a time: their columns stay in the second cache.
    private static var blockRows: Int { 256 }

    /// The log-odds of rows, and their calibrated probabilities.
    ///
    /// - Parameters:
    ///   - numbers: the inputs of `logOdds.count` rows.
    ///   - layout: how they lie.
    ///   - stride: the distance between the starts of two rows, or of two columns; nil where nothing lies between.
    ///   - logOdds: what is found.
    ///   - probabilities: as many.
    /// - Precondition: `numbers` holds all rows, and there are as many probabilities as log-odds.
    public func score(
        _ numbers: Span<Double>, layout: Layout, stride: Int? = nil, logOdds: inout MutableSpan<Double>,
        probabilities: inout MutableSpan<Double>
    ) {
        check(numbers.count, layout, stride, rows: logOdds.count, probabilities: probabilities.count)
        let stride = stride ?? (layout == .rows ? width : logOdds.count)
        unsafe numbers.withUnsafeBufferPointer { numbers in
            guard let x = numbers.baseAddress else { return }
            unsafe scoreBlocks(logOdds: &logOdds, probabilities: &probabilities) { start, rows, columns in
                switch layout {
                case .rows:
                    unsafe limpet_columns_of_rows(
                        x + start * stride, Int64(stride), Int64(rows), Int64(width), columns)
                case .columns:
                    unsafe limpet_columns_of_columns(
                        x + start, Int64(stride), Int64(rows), Int64(width), columns)
                }
            }
        }
    }

    /// The same for inputs of 32 bits, each of which counts as the double that it is.
    public func score(
        _ numbers: Span<Float>, layout: Layout, stride: Int? = nil, logOdds: inout MutableSpan<Double>,
        probabilities: inout MutableSpan<Double>
    ) {
        check(numbers.count, layout, stride, rows: logOdds.count, probabilities: probabilities.count)
        let stride = stride ?? (layout == .rows ? width : logOdds.count)
        unsafe numbers.withUnsafeBufferPointer { numbers in
            guard let x = numbers.baseAddress else { return }
            unsafe scoreBlocks(logOdds: &logOdds, probabilities: &probabilities) { start, rows, columns in
                switch layout {
                case .rows:
                    unsafe limpet_columns_of_single_rows(
                        x + start * stride, Int64(stride), Int64(rows), Int64(width), columns)
                case .columns:
                    unsafe limpet_columns_of_single_columns(
                        x + start, Int64(stride), Int64(rows), Int64(width), columns)
                }
            }
        }
    }

    private func check(_ count: Int, _ layout: Layout, _ stride: Int?, rows: Int, probabilities: Int) {
        precondition(rows == probabilities, "\(probabilities) probabilities for \(rows) rows")
        guard rows > 0, width > 0 else { return }
        let (length, lines) = layout == .rows ? (width, rows) : (rows, width)
        let stride = stride ?? length
        precondition(stride >= length, "a stride of \(stride), expected at least \(length)")
        let (last, overflows) = stride.multipliedReportingOverflow(by: lines - 1)
        precondition(
            !overflows && last <= count - length, "\(count) numbers, expected \(rows) rows of \(width)")
    }

    /// - Parameter fill: writes the columns of some rows, from a start, one behind the other.
    @unsafe private func scoreBlocks(
        logOdds: inout MutableSpan<Double>, probabilities: inout MutableSpan<Double>,
        fill: (_ start: Int, _ rows: Int, _ columns: UnsafeMutablePointer<Double>) -> Void
    ) {
        var columns = [Double](repeating: 0, count: max(1, width) * Self.blockRows)
        var states = [Int32](repeating: 0, count: 2 * Self.blockRows)
        unsafe logOdds.withUnsafeMutableBufferPointer { sums in
            for start in Swift.stride(from: 0, to: sums.count, by: Self.blockRows) {
                let rows = min(Self.blockRows, sums.count - start)
                unsafe columns.withUnsafeMutableBufferPointer { columns in
                    guard let first = columns.baseAddress else { return }
                    unsafe fill(start, rows, first)
                }
                let block = unsafe UnsafeMutableBufferPointer(rebasing: sums[start..<start + rows])
                unsafe block.update(repeating: scorer.model.intercept)
                unsafe add(columns, rows: rows, to: block, &states)
            }
        }
        calibrate(logOdds.span, &probabilities)
    }

    @unsafe private func add(
        _ columns: [Double], rows: Int, to sums: UnsafeMutableBufferPointer<Double>, _ states: inout [Int32]
    ) {
        for part in parts {
            switch part {
            case .computed(let term):
                for row in 0..<rows {
                    unsafe sums[row] += term.contribution({ columns[$0 * rows + row] }, { _ in 0 })
                }
            case .tables(let range):
                for place in range { unsafe add(tables.tables[place], columns, rows, sums, &states) }
            }
        }
    }

    @unsafe private func add(
        _ table: limpet_table, _ columns: [Double], _ rows: Int, _ sums: UnsafeMutableBufferPointer<Double>,
        _ states: inout [Int32]
    ) {
        var table = table
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe tables.pool.withUnsafeBufferPointer { pool in
                unsafe states.withUnsafeMutableBufferPointer { states in
                    guard let x = columns.baseAddress, let pool = pool.baseAddress,
                        let sums = sums.baseAddress, let states = states.baseAddress
                    else { return }
                    unsafe limpet_add_table_to_rows(
                        &table, pool, x + Int(table.first.input) * rows, x + Int(table.second.input) * rows,
                        Int64(rows), sums, states, level)
                }
            }
        }
    }

    private func calibrate(_ logOdds: Span<Double>, _ probabilities: inout MutableSpan<Double>) {
        switch scorer.model.calibrator {
        case .none: logistic({ logOdds[$0] }, to: &probabilities)
        case .platt(let slope, let intercept):
            logistic({ intercept + slope * logOdds[$0] }, to: &probabilities)
        case .isotonic:
            for row in 0..<logOdds.count {
                probabilities[row] = scorer.model.calibrator.probability(logOdds[row])
            }
        }
    }

    @inline(__always)
    private func logistic(_ logOdds: (Int) -> Double, to probabilities: inout MutableSpan<Double>) {
        for row in 0..<probabilities.count { probabilities[row] = logOdds(row) }
        unsafe probabilities.withUnsafeMutableBufferPointer { values in
            guard let first = values.baseAddress else { return }
            unsafe limpet_logistic(Int64(values.count), first, first)
        }
    }
}
