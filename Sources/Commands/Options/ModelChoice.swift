import ArgumentParser
import LimpetScoring

/// A kind of model, or the choice among all kinds.
enum ModelChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, stumps, logistic, blend

    /// The kind; nil where it is to be chosen.
    var kind: Model.Kind? { Model.Kind(rawValue: rawValue) }
}
