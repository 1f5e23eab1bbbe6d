public import LimpetEvents
public import LimpetFeatures

/// One thing that moves a user's score away from the average user's: all terms about one subject together.
public struct Reason: Hashable, Sendable {
    /// What the terms are about, e.g. `purchase`; of pairs about two subjects `activity × purchase`.
    public var topic: String
    /// What they add to the log-odds together.
    public var contribution: Double
    /// The input whose terms weigh most among them; the first one where that is a pair.
    public var input: String
    /// That input's value as text; nil when missing.
    public var value: String?
    /// The pair's second input; nil where one input alone weighs most.
    public var secondInput: String?
    /// The second input's value as text; nil when missing.
    public var secondValue: String?
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
        let contributions = contributions(vector)
        let sums = subjects.topicSums(contributions)
        let ranked = sums.indices.filter { raisingOnly ? sums[$0] > 0 : sums[$0] != 0 }
            .sorted {
                let (left, right) = (sums[$0].magnitude, sums[$1].magnitude)
                return left != right ? left > right : subjects.topics[$0] < subjects.topics[$1]
            }
        let leads = subjects.leads(contributions, topicSums: sums)
        return ranked.prefix(max(0, count)).map { topic in
            let sentences = leads[topic].map {
                Sentence(model: model, input: $0, vector: vector, categoryName: categoryName)
            }
            return Reason(
                topic: subjects.topics[topic], contribution: sums[topic], lead: sentences)
        }
    }
}

extension Reason {
    /// - Parameter lead: a sentence for each input of the term that weighs most.
    fileprivate init(topic: String, contribution: Double, lead: [Sentence]) {
        let second = lead.count > 1 ? lead[1] : nil
        self.init(
            topic: topic, contribution: contribution, input: lead[0].name, value: lead[0].valueText,
            secondInput: second?.name, secondValue: second?.valueText,
            sentence: lead.map(\.text).joined(separator: " and "))
    }
}

/// What one input says about a user, in words.
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
