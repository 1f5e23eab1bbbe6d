import LimpetEvents
import LimpetFeatures

/// A phrase about the value of one input of a user.
struct Sentence {
    let model: Model
    let input: Int
    let vector: FeatureVector
    let categoryName: (TextKey) -> String?

    var name: String { model.inputs[input].name }

    /// The value as text; nil when it is missing.
    var valueText: String? {
        guard !model.inputs[input].isCategorical else { return categoryText }
        let number = vector.numbers[input]
        return number.isNaN ? nil : Sentence.rounded(number)
    }

    private var categoryText: String? {
        let key = vector.categories[input]
        guard !key.isMissing else { return nil }
        return categoryName(key) ?? levelName(key) ?? "a value not seen in training"
    }

    private func levelName(_ key: TextKey) -> String? {
        for term in model.terms {
            if let name = term.levelNames(of: input).first(where: { TextKey($0) == key }) { return name }
        }
        return nil
    }

    var text: String {
        guard let feature = model.featureSet?.features[input] else {
            return "\(name) is \(valueText ?? "missing")"
        }
        return FeatureSentence(feature).text(valueText)
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
