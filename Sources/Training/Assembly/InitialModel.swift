import LimpetDocuments
public import LimpetScoring

/// A model that is trained further, with its terms renumbered for the inputs of the new training.
public struct InitialModel: Hashable, Sendable {
    let intercept: Double
    let terms: [Term]

    /// Renumbers the terms of a model.
    ///
    /// - Throws: ``InitialModelError`` when one of its terms has no input here.
    public init(_ model: Model, inputs: [Model.Input]) throws(InitialModelError) {
        var terms: [Term] = []
        for term in model.terms {
            var renumbered = term
            renumbered.input = try Self.index(of: model.inputs[term.input], among: inputs)
            if case .grid(var grid) = term.shape {
                grid.second = try Self.index(of: model.inputs[grid.second], among: inputs)
                renumbered.shape = .grid(grid)
            }
            terms.append(renumbered)
        }
        intercept = model.intercept
        self.terms = terms
    }

    private static func index(
        of input: Model.Input, among inputs: [Model.Input]
    ) throws(InitialModelError) -> Int {
        guard let index = inputs.firstIndex(where: { $0.name.isVerbatim(input.name) }) else {
            throw InitialModelError(input: input, isMissing: true)
        }
        guard inputs[index].isCategorical == input.isCategorical, inputs[index].codes == input.codes else {
            throw InitialModelError(input: input, isMissing: false)
        }
        return index
    }

    var fit: AdditiveFit { AdditiveFit(intercept: intercept, terms: terms) }
}

/// An error that a model cannot be trained further on the given data.
public struct InitialModelError: Error, Hashable, CustomStringConvertible {
    /// The input of the model that does not fit.
    public let input: Model.Input
    /// True when the data do not have the input; false when it has another type there.
    public let isMissing: Bool

    /// The error, in words.
    public var description: String {
        let type =
            input.codes != nil
            ? "a category of codes that are numbers"
            : input.isCategorical ? "a category of texts" : "a number"
        return isMissing
            ? "the model's input \(input.name) is not among the inputs of this training"
            : "the model's input \(input.name) is \(type), and has another type in this training"
    }
}
