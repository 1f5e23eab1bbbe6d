package import LimpetEvents

/// The folds that the rows of a table were dealt to while they were read, all rows of a user to the same one.
package struct DealtFolds: Sendable {
    /// The number of folds.
    package let count: Int
    /// The seed of the deal.
    package let seed: UInt64
    /// The first late snapshot time, at which an estimate forward in time has to begin: bins, levels and
    /// folds were chosen by rows whose labels were known before it. Nil where there is no such estimate.
    package let border: Timestamp?
    /// The fold of each row.
    package let ofRow: [UInt8]

    package init(count: Int, seed: UInt64, border: Timestamp?, ofRow: [UInt8]) {
        (self.count, self.seed, self.border, self.ofRow) = (count, seed, border, ofRow)
    }

    func selecting(_ rows: [Int]) -> DealtFolds {
        DealtFolds(count: count, seed: seed, border: border, ofRow: rows.map { ofRow[$0] })
    }
}
