/// The folds that the rows of a table were dealt to while they were read, all rows of a user to the same one.
package struct DealtFolds: Sendable {
    /// The number of folds.
    package let count: Int
    /// The seed of the deal.
    package let seed: UInt64
    /// The fold of each row.
    package let ofRow: [UInt8]

    package init(count: Int, seed: UInt64, ofRow: [UInt8]) {
        (self.count, self.seed, self.ofRow) = (count, seed, ofRow)
    }

    func selecting(_ rows: [Int]) -> DealtFolds {
        DealtFolds(count: count, seed: seed, ofRow: rows.map { ofRow[$0] })
    }
}
