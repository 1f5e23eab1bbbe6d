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

    /// Zeros for the sums of all columns.
    package var noSums: [Int64] { [Int64](repeating: 0, count: 2 * lanes * firstBin[columns]) }

    /// Zeros for the tables of all columns.
    package var noTables: [Float] { [Float](repeating: 0, count: lanes * firstBin[columns]) }
}
