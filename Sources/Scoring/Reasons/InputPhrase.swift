import LimpetEvents
import LimpetFeatures

/// The phrase about the values of one input, made once for all users.
struct InputPhrase: Sendable {
    let name: String
    let isCategorical: Bool
    private let feature: FeatureSentence?
    /// The day before which a date's days count; nil for all else.
    private let dateOrigin: String?

    /// - Parameter feature: the input's; nil for a column of a table.
    init(_ input: Model.Input, feature: Feature?) {
        (name, isCategorical) = (input.name, input.isCategorical)
        if case .date(_, let reference)? = input.notation {
            dateOrigin = String(reference.description.prefix(10))
        } else {
            dateOrigin = nil
        }
        self.feature = feature.map { FeatureSentence($0) }
    }

    /// Returns the phrases of a model's inputs.
    static func all(_ model: Model) -> [InputPhrase] {
        let features = model.featureSet?.features
        return model.inputs.enumerated().map { InputPhrase($1, feature: features?[$0]) }
    }

    /// Returns the phrase for a value.
    ///
    /// - Parameter value: nil for a missing value.
    func text(_ value: String?) -> String {
        if let dateOrigin, let value { return "\(name) is \(value) days before \(dateOrigin)" }
        return feature?.text(value) ?? "\(name) is \(value ?? "missing")"
    }

    /// Returns a number as people read it: rounded to three decimals below 1, to one below 100, and else to
    /// an integer.
    static func rounded(_ number: Double) -> String {
        guard number.magnitude < 1e16 else { return number.description }
        let scale = number.magnitude >= 100 ? 1.0 : number.magnitude >= 1 ? 10.0 : 1_000.0
        let value = (number * scale).rounded() / scale
        return value == value.rounded() ? String(Int64(value)) : value.description
    }
}

extension Scorer {
    /// Returns the value of an input as text; nil when it is missing.
    func valueText(
        _ input: Int, of vector: borrowing FeatureVector, categoryName: (TextKey) -> String?
    ) -> String? {
        guard phrases[input].isCategorical else {
            let number = vector.numbers[input]
            return number.isNaN ? nil : InputPhrase.rounded(number)
        }
        let key = vector.categories[input]
        guard !key.isMissing else { return nil }
        return categoryName(key) ?? levelName(key, of: input) ?? "a value not seen in training"
    }

    private func levelName(_ key: TextKey, of input: Int) -> String? {
        for term in model.terms {
            if let name = term.levelNames(of: input).first(where: { TextKey($0) == key }) { return name }
        }
        return nil
    }
}
