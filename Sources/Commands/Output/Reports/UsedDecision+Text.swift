import LimpetDocuments
import LimpetEvaluation

extension UsedDecision {
    /// The threshold and its source in words.
    var text: String? {
        guard let threshold = metrics.threshold, let origin else { return nil }
        let source = origin == .model ? "that the model ships" : "of --profit-threshold"
        let costs = origin == .model && hasOtherCosts ? ", which was chosen for other costs than these" : ""
        return threshold == .infinity
            ? "Nobody is contacted, by the threshold \(source)\(costs)."
            : "Contacted is who has a probability of at least \(Format.fixed(threshold, 4)), "
                + "the threshold \(source)\(costs)."
    }
}
