import LimpetNumerics

extension TrainingData {
    /// Returns the log loss of a row at the given log-odds, times its weight.
    func logLoss(_ row: Int, _ logOdds: Double) -> Double {
        let loss = ElementaryFunctions.softplus(logOdds) - (labels[row] ? logOdds : 0)
        return (weights?[row] ?? 1) * loss
    }
}
