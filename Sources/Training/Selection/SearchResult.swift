public import LimpetDocuments
public import LimpetEvaluation
package import LimpetScoring

/// What a search gives.
public struct SearchResult: Sendable {
    /// One combination of settings, judged.
    public struct Trial: Sendable {
        /// The settings.
        public var point: SearchPoint
        /// What the trainer chose at them: rounds, a penalty.
        public var chosen: JSON
        /// The metric over all held-out rows; nil where it is not defined.
        public var value: Double?
        /// The metric of each fold.
        public var foldValues: [Double?]
        /// The standard error of the difference to the best trial; nil for the best.
        public var standardError: Double?
        /// How long it took.
        public var seconds: Double
    }

    /// What was better.
    public var metric: Metric
    /// All trials, as they were made.
    public var trials: [Trial]
    /// The place of the best value.
    public var best: Int
    /// The place of the trial that is taken: the simplest within one standard error of the best.
    public var chosen: Int
    /// Trials that there would have been without a limit.
    public var planned: Int
    /// Why there were no more trials.
    public var end = End.complete

    /// What ends a search.
    public enum End: String, Sendable {
        /// All trials were made.
        case complete
        /// So many trials were asked for.
        case trials
        /// The time was over.
        case time
        /// A stop was asked for.
        case stop
    }

    /// The settings that are taken.
    public var point: SearchPoint { trials[chosen].point }

    /// How much too good the best value looks because it was chosen among several on the same rows (R. J. Tibshirani
    /// and R. Tibshirani, 2009): the mean over folds of the best trial's value less the value of the trial that is
    /// best on that fold, above 0 for every metric. Nil where folds leave the metric undefined.
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

    /// The search as a document.
    ///
    /// - Parameters:
    ///   - seconds: whether it tells times, which are never the same twice.
    ///   - pipelines: the parts of an estimate; where each repeated the search, the estimate contains it.
    public func document(seconds: Bool, pipelines: [Estimate.Pipeline] = []) -> JSON {
        let repeated = pipelines.compactMap(\.repeated)
        return .object([
            "metric": .string(metric.rawValue), "planned": .number(planned),
            // When time ends a search is never the same twice.
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
