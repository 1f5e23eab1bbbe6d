/// The places of several lanes' numbers, by bin: one pass over the rows sums or adds them for all lanes.
///
/// Sums are `[columns][bins][gradient, Hessian][lanes]`, tables `[columns][bins][lanes]`.
package struct LaneLayout: Sendable {
    /// The number of lanes of a vector: 8 or 16.
    package let lanes: Int
    /// The number of bins of each column.
    package let bins: [Int]
    /// The bin of most rows, in columns whose blocks list the other rows alone; nil for others.
    package let commonest: [UInt8?]
    /// The number of bins before each column, and of all.
    package let firstBin: [Int]

    /// The largest number of lanes of one vector.
    package static let mostLanes = 16
    /// The largest number of rows of a block: their numbers, as bits of a place, and a block's sums in single
    /// precision stay exact enough.
    package static let blockRows = 4_096

    package init(models: Int, bins: [Int], commonest: [UInt8?]) {
        precondition(models >= 1 && models <= Self.mostLanes && bins.count == commonest.count)
        lanes = models <= 8 ? 8 : 16
        self.bins = bins
        self.commonest = commonest
        var first = [0]
        for count in bins { first.append(first[first.count - 1] + count) }
        firstBin = first
    }

    package var columns: Int { bins.count }

    /// Returns the columns that are added together with changed ones, ascending. Columns with a bin of every
    /// row are added four at a time, always the same four: else the order of additions in one lane, and so
    /// its last bits, would depend on which inputs other lanes have split.
    package func added(_ isChanged: [Bool]) -> [Int] {
        let dense = (0..<columns).filter { commonest[$0] == nil }
        var isAdded = isChanged
        for first in stride(from: 0, to: dense.count, by: 4) {
            let four = dense[first..<min(first + 4, dense.count)]
            guard four.contains(where: { isChanged[$0] }) else { continue }
            for column in four { isAdded[column] = true }
        }
        return isAdded.indices.filter { isAdded[$0] }
    }

    /// Zeros for the sums of all columns.
    package var noSums: [Int64] { [Int64](repeating: 0, count: 2 * lanes * firstBin[columns]) }

    /// Zeros for the tables of all columns.
    package var noTables: [Float] { [Float](repeating: 0, count: lanes * firstBin[columns]) }
}
