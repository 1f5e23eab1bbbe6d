import CScoring
import LimpetNumerics

extension FlatScorer {
    /// The number of rows scored at a time, chosen so that their columns stay in the L2 cache.
    private static var blockRows: Int { 256 }

    /// The distance between the starts of two columns of a block; with a power of two, columns would share
    /// few sets of the L1 cache.
    private static var paddedRows: Int { blockRows + 8 }

    /// Computes the log-odds of rows and their calibrated probabilities.
    ///
    /// - Parameters:
    ///   - numbers: the inputs of `logOdds.count` rows.
    ///   - layout: the order in which they lie in memory.
    ///   - stride: the distance between the starts of two rows, or of two columns; nil where nothing lies
    ///     between them.
    ///   - logOdds: receives the log-odds of each row.
    ///   - probabilities: receives the calibrated probability of each row.
    /// - Precondition: `numbers` holds all rows, and there are as many probabilities as log-odds.
    public func score(
        _ numbers: Span<Double>, layout: Layout, stride: Int? = nil, logOdds: inout MutableSpan<Double>,
        probabilities: inout MutableSpan<Double>
    ) {
        check(numbers.count, layout, stride, rows: logOdds.count, probabilities: probabilities.count)
        let stride = stride ?? (layout == .rows ? width : logOdds.count)
        unsafe numbers.withUnsafeBufferPointer { numbers in
            guard let x = numbers.baseAddress else { return }
            unsafe scoreBlocks(logOdds: &logOdds, probabilities: &probabilities) { start, rows, capacity in
                // Columns are read in place.
                guard layout == .rows else {
                    return unsafe Columns(first: x + start, stride: stride)
                }
                unsafe limpet_columns_of_rows(
                    x + start * stride, Int64(stride), Int64(rows), Int64(width), capacity,
                    Int64(Self.paddedRows), form.level)
                return unsafe Columns(first: UnsafePointer(capacity), stride: Self.paddedRows)
            }
        }
    }

    /// Computes the log-odds and probabilities of rows of 32-bit inputs, each of which counts as the double
    /// that it equals.
    public func score(
        _ numbers: Span<Float>, layout: Layout, stride: Int? = nil, logOdds: inout MutableSpan<Double>,
        probabilities: inout MutableSpan<Double>
    ) {
        check(numbers.count, layout, stride, rows: logOdds.count, probabilities: probabilities.count)
        let stride = stride ?? (layout == .rows ? width : logOdds.count)
        unsafe numbers.withUnsafeBufferPointer { numbers in
            guard let x = numbers.baseAddress else { return }
            unsafe scoreBlocks(logOdds: &logOdds, probabilities: &probabilities) { start, rows, capacity in
                if layout == .rows {
                    unsafe limpet_columns_of_single_rows(
                        x + start * stride, Int64(stride), Int64(rows), Int64(width), capacity,
                        Int64(Self.paddedRows), form.level)
                } else {
                    unsafe limpet_columns_of_single_columns(
                        x + start, Int64(stride), Int64(rows), Int64(width), capacity, Int64(Self.paddedRows))
                }
                return unsafe Columns(first: UnsafePointer(capacity), stride: Self.paddedRows)
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

    /// The columns of a block of rows.
    @unsafe private struct Columns {
        var first: UnsafePointer<Double>
        /// The distance between the starts of two columns.
        var stride: Int
    }

    /// Scores all rows in blocks.
    ///
    /// - Parameter columns: returns the columns of a block of rows, written into the given buffer or in
    ///   place.
    @unsafe private func scoreBlocks(
        logOdds: inout MutableSpan<Double>, probabilities: inout MutableSpan<Double>,
        columns: (_ start: Int, _ rows: Int, _ capacity: UnsafeMutablePointer<Double>) -> Columns
    ) {
        var capacity = [Double](repeating: 0, count: max(1, width) * Self.paddedRows)
        var states = [Int32](repeating: 0, count: 2 * Self.blockRows)
        unsafe logOdds.withUnsafeMutableBufferPointer { sums in
            unsafe capacity.withUnsafeMutableBufferPointer { capacity in
                guard let capacity = capacity.baseAddress else { return }
                for start in Swift.stride(from: 0, to: sums.count, by: Self.blockRows) {
                    let rows = min(Self.blockRows, sums.count - start)
                    let block = unsafe UnsafeMutableBufferPointer(rebasing: sums[start..<start + rows])
                    unsafe block.update(repeating: form.intercept)
                    unsafe add(columns(start, rows, capacity), to: block, &states)
                }
            }
        }
        calibrate(logOdds.span, &probabilities)
    }

    @unsafe private func add(
        _ columns: Columns, to sums: UnsafeMutableBufferPointer<Double>, _ states: inout [Int32]
    ) {
        for part in form.parts {
            switch part {
            case .computed(let term):
                for row in sums.indices {
                    unsafe sums[row] += term.contribution(
                        { unsafe columns.first[$0 * columns.stride + row] }, { _ in 0 })
                }
            case .tables(let range): unsafe add(range, columns, sums, &states)
            }
        }
    }

    @unsafe private func add(
        _ range: Range<Int>, _ columns: Columns, _ sums: UnsafeMutableBufferPointer<Double>,
        _ states: inout [Int32]
    ) {
        unsafe form.tables.tables.withUnsafeBufferPointer { tables in
            unsafe form.tables.pool.withUnsafeBufferPointer { pool in
                unsafe states.withUnsafeMutableBufferPointer { states in
                    guard let first = tables.baseAddress, let pool = pool.baseAddress,
                        let out = sums.baseAddress, let states = states.baseAddress
                    else { return }
                    for place in range {
                        let table = unsafe first + place
                        unsafe limpet_add_table_to_rows(
                            table, pool, columns.first + Int(table.pointee.first.input) * columns.stride,
                            columns.first + Int(table.pointee.second.input) * columns.stride,
                            Int64(sums.count), out, states, form.level)
                    }
                }
            }
        }
    }

    private func calibrate(_ logOdds: Span<Double>, _ probabilities: inout MutableSpan<Double>) {
        switch form.calibrator {
        case .none: logistic({ logOdds[$0] }, to: &probabilities)
        case .platt(let slope, let intercept):
            logistic({ intercept + slope * logOdds[$0] }, to: &probabilities)
        case .isotonic:
            for row in 0..<logOdds.count {
                probabilities[row] = form.calibrator.probability(logOdds[row])
            }
        }
    }

    @inline(__always)
    private func logistic(_ logOdds: (Int) -> Double, to probabilities: inout MutableSpan<Double>) {
        for row in 0..<probabilities.count { probabilities[row] = logOdds(row) }
        ElementaryFunctions.replaceByLogistic(&probabilities)
    }
}
