public import LimpetScoring

/// A model that is trained further, its terms renumbered for the inputs of the new training.
public struct InitialModel: Hashable, Sendable {
    let intercept: Double
    let terms: [Term]

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
        guard let index = inputs.firstIndex(where: { $0.name == input.name }) else {
            throw InitialModelError(input: input, isMissing: true)
        }
        guard inputs[index].isCategorical == input.isCategorical else {
            throw InitialModelError(input: input, isMissing: false)
        }
        return index
    }

    var fit: AdditiveFit { AdditiveFit(intercept: intercept, terms: terms) }
}

/// Why a model cannot be trained further on some data.
public struct InitialModelError: Error, Hashable, CustomStringConvertible {
    /// The input of the model.
    public let input: Model.Input
    /// Whether the data do not have it; else it is of another type there.
    public let isMissing: Bool

    /// What does not fit.
    public var description: String {
        let type = input.isCategorical ? "a category" : "a number"
        return isMissing
            ? "the model's input \(input.name) is not among the inputs of this training"
            : "the model's input \(input.name) is \(type), but not so in this training"
    }
}
