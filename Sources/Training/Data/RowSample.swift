import LimpetNumerics
import LimpetEvents

/// A stratified sample of rows: one at random from each of equally long runs.
enum RowSample {
    static func rows(of all: Int, count: Int, using generator: inout RandomGenerator) -> [Int] {
        guard all > count else { return Array(0..<all) }
        return (0..<count).map { place in
            let stratum = stratum(place, of: all, count: count)
            return stratum.lowerBound + Int(generator.next() % UInt64(stratum.count))
        }
    }

    /// Returns the run of rows from which one is drawn.
    static func stratum(_ place: Int, of all: Int, count: Int) -> Range<Int> {
        (place * all / count)..<((place + 1) * all / count)
    }
}
