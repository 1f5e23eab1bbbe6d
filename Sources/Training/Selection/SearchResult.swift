public import LimpetDocuments
public import LimpetEvaluation
import LimpetScoring

/// The result of a search for settings.
public struct SearchResult: Sendable {
    /// One combination of settings, evaluated.
    public struct Trial: Sendable {
        /// The settings.
        public var point: SearchPoint
        /// The trainer's choice with these settings, such as rounds or a penalty.
        public var chosen: JSON
        /// The metric over all held-out rows; nil where it is not defined.
        public var value: Double?
        /// The metric of each fold.
        public var foldValues: [Double?]
        /// The standard error of the difference to the best trial; nil for the best.
        public var standardError: Double?
        /// The duration of the trial, in seconds.
        public var seconds: Double
    }

    /// The metric that was optimised.
    public var metric: Metric
    /// All trials, in the order in which they were made.
    public var trials: [Trial]
    /// The index of the trial with the best value.
    public var best: Int
    /// The index of the chosen trial: the simplest within one standard error of the best.
    public var chosen: Int
    /// The number of trials that there would have been without a limit.
    public var planned: Int
    /// True where no more than each kind without and with pairs was to be tried.
    public var candidatesOnly = false
    /// The reason why the search ended.
    public var end = End.complete

    /// A reason to end a search.
    public enum End: String, Sendable {
        /// All trials were made.
        case complete
        /// The requested number of trials was made.
        case trials
        /// The time budget was used up.
        case time
        /// A stop was requested.
        case stop
    }

    /// The chosen settings.
    public var point: SearchPoint { trials[chosen].point }

    /// The optimism of the best value, which was chosen among several on the same rows (R. J. Tibshirani and
    /// R. Tibshirani, 2009): the mean over folds of the best trial's value less the value of the trial that
    /// is best on that fold, made positive for every metric. Nil where folds leave the metric undefined.
    public var optimism: Double? {
        let folds = trials[best].foldValues.indices
        let gaps = folds.compactMap { fold -> Double? in
            let values = trials.compactMap { $0.foldValues[fold] }
            guard let own = trials[best].foldValues[fold],
                let least = metric.isBetterWhenHigher ? values.max() : values.min()
            else { return nil }
            return abs(own - least)
        }
        guard !gaps.isEmpty, gaps.count == folds.count else { return nil }
        return gaps.reduce(0, +) / Double(gaps.count)
    }

    /// Returns the search as a document.
    ///
    /// - Parameters:
    ///   - seconds: true to include times, which differ from run to run.
    ///   - pipelines: the pipelines of an estimate; if each repeated the search, the estimate contains it.
    public func document(seconds: Bool, pipelines: [Estimate.Pipeline] = []) -> JSON {
        let repeated = pipelines.compactMap(\.repeated)
        return .object([
            "metric": .string(metric.rawValue), "planned": .number(planned),
            // A search that ends by time differs from run to run.
            "end": seconds ? .string(end.rawValue) : nil, "best": .number(best),
            "chosen": .number(chosen), "optimism": optimism.map { .number($0) } ?? .null,
            "estimateContainsSearch": .boolean(!repeated.isEmpty),
            "trials": .array(trials.map { document($0, seconds: seconds) }),
            "pipelines": repeated.isEmpty ? nil : .array(repeated),
        ])
    }

    private func document(_ trial: Trial, seconds: Bool) -> JSON {
        var members = [
            JSONMember(name: "settings", value: trial.point.document),
            JSONMember(name: "chosen", value: trial.chosen),
            JSONMember(name: metric.rawValue, value: trial.value.map { .number($0) } ?? .null),
            JSONMember(
                name: "folds", value: .array(trial.foldValues.map { $0.map { .number($0) } ?? .null })),
            JSONMember(
                name: "standardError", value: trial.standardError.map { .number($0) } ?? .null),
        ]
        if seconds { members.append(JSONMember(name: "seconds", value: .number(trial.seconds))) }
        return .object(members)
    }
}
