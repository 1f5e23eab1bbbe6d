package import LimpetEvents
import LimpetNumerics

extension TrainingData {
    /// Returns the rows with weights that halve with each such time before the latest snapshot; rows without
    /// times are unchanged.
    package func fading(_ halfLife: TimeSpan) -> TrainingData {
        guard let times, let latest = times.max(), halfLife.milliseconds > 0 else { return self }
        let rate = -ElementaryFunctions.log(2) / Double(halfLife.milliseconds)
        return with(
            weights: times.enumerated().map { row, time in
                let age = Double(latest.milliseconds - time.milliseconds)
                return (weights?[row] ?? 1) * ElementaryFunctions.exp(rate * age)
            })
    }
}
