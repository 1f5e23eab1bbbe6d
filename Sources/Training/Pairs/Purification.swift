/// A table of two inputs decomposed into a constant, the main effect of each input and the remaining
/// interaction: purification (B. Lengerich, S. Tan, C. Chang, G. Hooker and R. Caruana, 2020).
///
/// In each cell the components add up to the table. The weighted mean of each row and each column of
/// ``interaction`` is 0, so that no other decomposition explains more by one input alone. It is found by
/// solving, not by alternating between rows and columns, which needs thousands of passes where the inputs are
/// strongly dependent.
package struct Purification: Sendable {
    /// The weighted mean, which moves to the intercept.
    package let mean: Double
    /// The main effect of the first input, by row, which moves to its own term; weighted mean 0.
    package let rows: [Double]
    /// The main effect of the second input, by column, which moves to its own term; weighted mean 0.
    package let columns: [Double]
    /// The remaining interaction, `[rows][columns]`.
    package let interaction: [Double]

    /// Decomposes a table.
    ///
    /// - Parameters:
    ///   - values: log-odds, `[rows][columns]`, bins of missing and unseen values included.
    ///   - weights: the training weight of each cell, finite and not negative. Rows and columns without any
    ///     weight have a main effect of 0.
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
