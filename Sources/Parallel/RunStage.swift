/// A stage of a run, by the name under which its report tells how long it took.
package enum RunStage: String, Sendable {
    /// The time from the start of the process to the first stage.
    case other
    /// Reading the input.
    case read
    /// Extracting features at snapshot times.
    case extract
    /// Making rows for the fits: labels, levels, users and folds.
    case prepare
    /// Searching for settings.
    case tune
    /// Turning columns into bins.
    case bin
    /// Training on a part of the rows, to predict the others.
    case estimate
    /// Choosing the setting and the calibrator on held-out rows.
    case choose
    /// Fitting all rows.
    case fit
    /// Boosting the models of the estimate, the choice and the fit side by side, as lanes of one vector.
    case boost
    /// Training the models of a backtest: choice and fit.
    case train
    /// Computing the metrics of training rows, of folds and of all held-out rows.
    case metrics
    /// Drawing users for the intervals of metrics.
    case intervals
    /// Describing the model: distributions, importances and golden rows.
    case summary
    /// Scoring rows; those of a table are read along with it.
    case score
    /// Writing files.
    case write
    /// Computing standard errors of coefficients.
    case inference

    /// The stage in the words of a progress bar.
    package var title: String {
        switch self {
        case .other: "starting"
        case .read: "reading"
        case .extract: "extracting"
        case .prepare: "preparing rows"
        case .tune: "tuning"
        case .bin: "binning"
        case .estimate: "estimate"
        case .choose: "choice"
        case .fit: "fit"
        case .boost: "boosting"
        case .train: "training"
        case .metrics: "metrics"
        case .intervals: "intervals"
        case .summary: "describing the model"
        case .score: "scoring"
        case .write: "writing"
        case .inference: "standard errors"
        }
    }
}
