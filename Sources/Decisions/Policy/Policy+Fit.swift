import LimpetDocuments
import LimpetScoring

extension Policy {
    /// Checks that a model has the inputs that conditions read.
    ///
    /// - Throws: ``PolicyFitError`` that names the offer and the input.
    func check(against inputs: [Model.Input]) throws(PolicyFitError) {
        for offer in offers {
            let leaves = offer.condition.leaves + (offer.trigger?.conditions ?? [])
            for (name, isCategorical) in leaves.compactMap(\.input) {
                guard let input = inputs.first(where: { $0.name.isVerbatim(name) }) else {
                    let suggestion = Suggestion.text(for: name, among: inputs.map(\.name))
                    throw .unknownInput(name, offer: offer.id, suggestion: suggestion)
                }
                guard input.isCategorical == isCategorical else {
                    throw .wrongKindOfInput(name, offer: offer.id, isCategorical: input.isCategorical)
                }
            }
        }
    }
}

/// An error of a model and a policy that do not fit each other.
public enum PolicyFitError: Error, Hashable, CustomStringConvertible {
    /// The model is of a flat table: it cannot score event histories.
    case flatTable
    /// The model's feature set cannot be used.
    case featureSet(String)
    /// A condition names an input that the model does not have.
    case unknownInput(String, offer: String, suggestion: String)
    /// A bound of a property is finer than the property's values are kept.
    case boundTooFine(Double, property: String, offer: String, decimals: Int)
    /// A condition asks for the model's threshold, and the model ships none.
    case noThreshold
    /// A condition treats a number as a category, or a category as a number.
    case wrongKindOfInput(String, offer: String, isCategorical: Bool)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .flatTable: "the model is one of a flat table; decisions need one trained on an event log"
        case .featureSet(let problem): "feature set: \(problem)"
        case .unknownInput(let name, let offer, let suggestion):
            "offer \(offer): the model has no feature \(name.quoted)\(suggestion)"
        case .boundTooFine(let bound, let property, let offer, let decimals):
            "offer \(offer): \(property.quoted) is kept with \(decimals) decimals, and the bound "
                + "\(bound) has more"
        case .noThreshold:
            "a condition asks for the model's threshold, and the model ships none; train one with --value"
        case .wrongKindOfInput(let name, let offer, true):
            "offer \(offer): the feature \(name.quoted) is a category; it takes 'is', no bounds"
        case .wrongKindOfInput(let name, let offer, false):
            "offer \(offer): the feature \(name.quoted) is a number; it takes bounds, no 'is'"
        }
    }
}
