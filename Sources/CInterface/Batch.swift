import CLimpet
import Dispatch
import LimpetScoring

/// A batch of rows in the caller's memory, and the caller's buffers for their scores.
///
/// `@unchecked Sendable`: threads only read the caller's numbers, and each writes the scores of its own rows.
@unsafe struct Batch: @unchecked Sendable {
    let flat: FlatScorer
    let numbers: Numbers
    let rows: Int
    let layout: FlatScorer.Layout
    let stride: Int
    let logOdds: UnsafeMutablePointer<Double>?
    let probabilities: UnsafeMutablePointer<Double>?

    /// The inputs of the rows, in 64 or 32 bits.
    @unsafe enum Numbers {
        case double(UnsafePointer<Double>)
        case single(UnsafePointer<Float>)
    }

    /// Creates a batch; nil when an argument is invalid.
    init?(
        _ flat: FlatScorer, _ numbers: Numbers, rows: Int, layout: limpet_layout, stride: Int,
        logOdds: UnsafeMutablePointer<Double>?, probabilities: UnsafeMutablePointer<Double>?
    ) {
        guard rows >= 0, stride >= 0, layout == LIMPET_ROWS || layout == LIMPET_COLUMNS else { return nil }
        let (length, lines) = layout == LIMPET_ROWS ? (flat.width, rows) : (rows, flat.width)
        let distance = stride == 0 ? length : stride
        // The offset of every number must be addressable.
        let (last, overflows) = distance.multipliedReportingOverflow(by: max(lines, 1))
        guard distance >= length, !overflows, last < 1 << 58, rows < 1 << 58 else { return nil }
        unsafe self.flat = flat
        unsafe self.numbers = numbers
        unsafe self.rows = rows
        unsafe self.layout = layout == LIMPET_ROWS ? .rows : .columns
        unsafe self.stride = distance
        unsafe self.logOdds = logOdds
        unsafe self.probabilities = probabilities
    }

    /// Scores all rows, divided among threads; fewer than 4,096 rows are not worth a thread.
    func score(threads: Int) {
        let count = unsafe rows
        let parts = max(1, min(threads, 1_024, count / 4_096))
        // Each part consists of whole blocks of 256 rows.
        let length = (count / parts + 256) / 256 * 256
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = min(part * length, count)..<min((part + 1) * length, count)
            if !range.isEmpty { unsafe score(range) }
        }
    }

    /// The number of rows at a time whose unwanted results are written to a buffer of our own.
    private static var spareRows: Int { 8_192 }

    /// Scores a part of the rows; results that the caller does not want are written to a buffer of our own.
    private func score(_ range: Range<Int>) {
        let capacity = unsafe UnsafeMutableBufferPointer<Double>.allocate(capacity: 2 * Self.spareRows)
        defer { unsafe capacity.deallocate() }
        unsafe capacity.initialize(repeating: 0)
        guard let spare = capacity.baseAddress else { return }
        for start in unsafe Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.spareRows) {
            unsafe score(start..<min(start + Self.spareRows, range.upperBound), spare: spare)
        }
    }

    private func score(_ range: Range<Int>, spare: UnsafeMutablePointer<Double>) {
        let first = unsafe logOdds.map { unsafe $0 + range.lowerBound } ?? spare
        let second = unsafe probabilities.map { unsafe $0 + range.lowerBound } ?? spare + Self.spareRows
        var logOdds = unsafe MutableSpan(_unsafeStart: first, count: range.count)
        var probabilities = unsafe MutableSpan(_unsafeStart: second, count: range.count)
        let (start, count) = unsafe place(of: range)
        switch unsafe numbers {
        case .double(let numbers):
            unsafe flat.score(
                Span(_unsafeStart: numbers + start, count: count), layout: layout, stride: stride,
                logOdds: &logOdds, probabilities: &probabilities)
        case .single(let numbers):
            unsafe flat.score(
                Span(_unsafeStart: numbers + start, count: count), layout: layout, stride: stride,
                logOdds: &logOdds, probabilities: &probabilities)
        }
    }

    /// Returns the offset of the first number of a range of rows, and the count of numbers to the last.
    private func place(of range: Range<Int>) -> (start: Int, count: Int) {
        unsafe layout == .rows
            ? (range.lowerBound * stride, (range.count - 1) * stride + flat.width)
            : (range.lowerBound, max(0, flat.width - 1) * stride + range.count)
    }
}
