public import LimpetEvents
public import LimpetFeatures

/// One thing that moves a user's score away from the average user's: all terms about one subject together.
public struct Reason: Hashable, Sendable {
    /// What the terms are about, e.g. `purchase`.
    public var topic: String
    /// What they add to the log-odds together.
    public var contribution: Double
    /// The input whose term weighs most among them.
    public var input: String
    /// That input's value as text; nil when missing.
    public var value: String?
    /// A sentence that a person can read.
    public var sentence: String
}

extension Scorer {
    /// The strongest reasons, grouped by subject, strongest first.
    ///
    /// - Parameters:
    ///   - count: how many at most.
    ///   - raisingOnly: whether only subjects that raise the risk count, the default.
    ///   - categoryName: the text of a category's key, for the sentences.
    public func reasons(
        _ vector: FeatureVector, count: Int, raisingOnly: Bool = true,
        categoryName: @escaping (TextKey) -> String? = { _ in nil }
    ) -> [Reason] {
        typealias Lead = (input: Int, weight: Double)
        var topics: [String: (sum: Double, riser: Lead, faller: Lead)] = [:]
        for (term, contribution) in zip(model.terms, contributions(vector)) {
            var entry = topics[topic(of: term.input)] ?? (0, (term.input, 0), (term.input, 0))
            entry.sum += contribution
            if contribution > entry.riser.weight { entry.riser = (term.input, contribution) }
            if contribution < entry.faller.weight { entry.faller = (term.input, contribution) }
            topics[topic(of: term.input)] = entry
        }
        let ranked = topics.filter { raisingOnly ? $0.value.sum > 0 : $0.value.sum != 0 }
            .sorted {
                let (left, right) = ($0.value.sum.magnitude, $1.value.sum.magnitude)
                return left != right ? left > right : $0.key < $1.key
            }
        return ranked.prefix(count).map { topic, entry in
            // The lead has the direction of its subject, so that its sentence does not contradict it.
            let lead = entry.sum > 0 ? entry.riser.input : entry.faller.input
            let sentence = Sentence(model: model, input: lead, vector: vector, categoryName: categoryName)
            return Reason(
                topic: topic, contribution: entry.sum, input: model.inputs[lead].name,
                value: sentence.valueText, sentence: sentence.text)
        }
    }

    private func topic(of input: Int) -> String {
        model.featureSet?.features[input].topic ?? model.inputs[input].name
    }
}

/// What one input says about a user, in words.
struct Sentence {
    let model: Model
    let input: Int
    let vector: FeatureVector
    let categoryName: (TextKey) -> String?

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
        for term in model.terms where term.input == input {
            if case .levels(let levels) = term.shape { return levels.names.first { TextKey($0) == key } }
        }
        return nil
    }

    var text: String {
        guard let feature = model.featureSet?.features[input] else {
            return "\(model.inputs[input].name) is \(valueText ?? "missing")"
        }
        return Self.text(for: feature, value: valueText)
    }

    private static func text(for feature: Feature, value: String?) -> String {
        let subject = feature.events.isAny ? "activity" : feature.events.names.joined(separator: " or ")
        let window = feature.window.map { " in the last \($0)" }
        let span = window ?? ""
        let total = window ?? " in all"
        let property = feature.property ?? ""
        guard let value else {
            let nothing = window ?? " ever"
            return feature.kind.readsProperty
                ? "no \(property) of \(subject)\(nothing)" : "\(missing(feature, subject))\(nothing)"
        }
        switch feature.kind {
        case .count:
            return value == "0" ? "no \(subject)\(window ?? " ever")" : "\(value) × \(subject)\(total)"
        case .recency: return value == "0" ? "last \(subject) just now" : "last \(subject) \(value) days ago"
        case .tenure: return value == "0" ? "first \(subject) just now" : "first \(subject) \(value) days ago"
        case .activeDays: return "\(subject) on \(value) days\(total)"
        case .sessions: return "\(value) sessions\(total)"
        case .meanGap: return "\(value) days between \(subject) on average\(span)"
        case .longestGap: return "up to \(value) days between \(subject)\(span)"
        case .overdue: return "\(subject) is overdue: \(value) times the usual gap"
        case .trend:
            return
                "share of \(subject) of the last \(feature.against.map(\.description) ?? "") that fell\(span): \(value)"
        case .distinct: return "\(value) different \(property) of \(subject)\(total)"
        case .difference: return difference(value, subject, feature) + total
        case .sum: return "\(property) of \(subject) adds up to \(value)\(total)"
        case .mean: return "mean \(property) of \(subject) is \(value)\(span)"
        case .minimum: return "smallest \(property) of \(subject) is \(value)\(span)"
        case .maximum: return "largest \(property) of \(subject) is \(value)\(span)"
        case .latest, .lastCategory: return "latest \(property) of \(subject) is \(value)\(span)"
        }
    }

    private static func difference(_ value: String, _ subject: String, _ feature: Feature) -> String {
        let other = feature.minus?.names.joined(separator: " or ") ?? ""
        if value == "0" { return "as many \(subject) as \(other)" }
        return value.hasPrefix("-")
            ? "\(value.dropFirst()) fewer \(subject) than \(other)" : "\(value) more \(subject) than \(other)"
    }

    private static func missing(_ feature: Feature, _ subject: String) -> String {
        switch feature.kind {
        case .meanGap, .longestGap, .overdue: "fewer than two \(subject)"
        default: "no \(subject)"
        }
    }

    /// A number as people read it: at most three significant digits behind the point.
    static func rounded(_ number: Double) -> String {
        guard number.magnitude < 1e16 else { return number.description }
        let scale = number.magnitude >= 100 ? 1.0 : number.magnitude >= 1 ? 10.0 : 1_000.0
        let value = (number * scale).rounded() / scale
        return value == value.rounded() ? String(Int64(value)) : value.description
    }
}
