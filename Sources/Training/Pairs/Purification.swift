/// A table of two inputs parted into a constant, what each input says alone, and the interaction that is left:
/// purification (B. Lengerich, S. Tan, C. Chang, G. Hooker and R. Caruana, 2020).
///
/// In each cell the parts add up to the table. The weighted mean of each row and each column of ``interaction`` is
/// 0, so that no other choice of the parts explains more by one input alone. It is found by solving, not by
/// sweeping over rows and columns in turn, which needs thousands of sweeps where the inputs hang together.
package struct Purification: Sendable {
    /// Goes to the intercept.
    package let mean: Double
    /// Goes to the first input's own term, by row; weighted mean 0.
    package let rows: [Double]
    /// Goes to the second input's own term, by column; weighted mean 0.
    package let columns: [Double]
    /// What is left, row after row.
    package let interaction: [Double]

    /// - Parameters:
    ///   - values: log-odds by cell, row after row, states of missing and unseen values included.
    ///   - weights: the training weight of each cell, finite and not negative. Rows and columns without any weight
    ///     say nothing alone: their effects are 0.
    package init(values: [Double], weights: [Double], rows: Int, columns: Int) {
        let fit = TwoWayFit(values: values, weights: weights, rows: rows, columns: columns)
        mean = fit.mean
        self.rows = fit.rows
        self.columns = fit.columns
        interaction = values.indices.map { cell in
            values[cell] - (fit.mean + fit.rows[cell / columns] + fit.columns[cell % columns])
        }
    }
}
