import LimpetNumerics
import LimpetScoring

extension ElementaryFunctions {
    /// Returns a number for each row from the logarithm of another, in blocks that stay in the L1 cache.
    @inline(__always)
    static func logs(
        _ rows: Int, of number: (_ row: Int) -> Double, result: (_ row: Int, _ log: Double) -> Double
    ) -> [Double] {
        let length = min(1_024, rows)
        var block = [Double](repeating: 1, count: length)
        var results: [Double] = []
        results.reserveCapacity(rows)
        for start in stride(from: 0, to: rows, by: max(1, length)) {
            let count = min(length, rows - start)
            var span = block.mutableSpan
            for place in 0..<count { span[place] = number(start + place) }
            replaceByLog(&span)
            for place in 0..<count { results.append(result(start + place, span[place])) }
        }
        return results
    }
}
