import LimpetDocuments
import LimpetNumerics
import LimpetEvaluation
public import LimpetEvents
public import LimpetFeatures
public import LimpetScoring

extension Model {
    /// Returns the model with golden rows and histories. They are generated from bins, levels and the feature
    /// set's own names, so that they reach every term, and each of its bins where there are not too many, and
    /// contain no personal data.
    public func withGoldenInputs(zone: TimeZoneRules) throws(FeatureSetError) -> Model {
        var model = self
        model.golden = Golden()
        let scorer = Scorer(model)
        model.golden.rows = GoldenInputs.rows(scorer)
        if let plan = try plan(zone: zone) {
            model.golden.histories = (0..<4).map { GoldenInputs.history($0, scorer: scorer, plan: plan) }
        }
        return model
    }
}

/// A generator of inputs with which a loader can reproduce scores.
private enum GoldenInputs {
    /// The largest number of values in all rows together, so that wide models stay small.
    private static let valueLimit = 100_000

    static func rows(_ scorer: Scorer) -> [Golden.Row] {
        let distributions = scorer.model.training.inputs
        let most = distributions.map { $0.counts.count + 1 }.max() ?? 0
        let count = max(12, min(most, 300, valueLimit / max(1, distributions.count)))
        let choices = distributions.indices.map {
            states(distributions[$0].counts.count + 1, rows: count, input: $0)
        }
        return (0..<count).map { number in row(choices.map { $0[number] }, scorer: scorer) }
    }

    /// Returns a bin of an input for each row: each as often as the others, or where bins outnumber the rows
    /// an even selection with the first and the last. The orders of inputs differ, so that pairs meet in many
    /// cells.
    private static func states(_ states: Int, rows: Int, input: Int) -> [Int] {
        var generator = RandomGenerator(seed: UInt64(input))
        guard states <= rows else {
            return (0..<rows).map { $0 * (states - 1) / (rows - 1) }.shuffled(using: &generator)
        }
        return (0..<rows).map { $0 % states }.shuffled(using: &generator)
    }

    private static func row(_ states: [Int], scorer: Scorer) -> Golden.Row {
        let model = scorer.model
        var vector = FeatureVector(count: model.inputs.count)
        var values: [JSON] = []
        for (index, distribution) in model.training.inputs.enumerated() {
            let state = states[index]
            if state == distribution.counts.count {
                values.append(.null)
            } else if model.inputs[index].isCategorical {
                let name = state < distribution.levels.count ? distribution.levels[state] : "another level"
                vector.categories[index] = TextKey(name)
                values.append(.string(name))
            } else {
                let value = Self.value(in: state, edges: distribution.edges)
                vector.numbers[index] = value
                values.append(.number(value))
            }
        }
        let score = scorer.score(vector)
        return Golden.Row(values: values, logOdds: score.logOdds, probability: score.probability)
    }

    /// Returns the edge on the left of a bin, which belongs to it; for the first bin a value below all edges.
    private static func value(in bin: Int, edges: [Double]) -> Double {
        guard bin == 0 else { return edges[bin - 1] }
        return edges.first.map { min($0 - 1, $0.nextDown) } ?? 0
    }

    static func history(_ number: Int, scorer: Scorer, plan: FeaturePlan) -> Golden.History {
        let at = scorer.model.training.snapshots?.upperBound ?? Timestamp(milliseconds: 0)
        let names = eventNames(plan)
        var generator = RandomGenerator(seed: UInt64(number))
        var ages = (0..<(number * 8)).map { _ in Int64.random(in: 1...(90 * 86_400_000), using: &generator) }
        ages.sort(by: >)
        let history = LiveHistory(plan: plan)
        let events = ages.enumerated().map { index, age in
            Event(
                user: "golden", name: names[index % names.count], time: at - TimeSpan(milliseconds: age),
                properties: properties(index, plan: plan, model: scorer.model))
        }
        var filled = history
        for event in events { filled.append(event) }
        let score = scorer.score(filled.features(at: at))
        return Golden.History(events: events, at: at, logOdds: score.logOdds, probability: score.probability)
    }

    /// Returns the event names that the features read; a prefix with a star is replaced by one name.
    private static func eventNames(_ plan: FeaturePlan) -> [String] {
        let patterns =
            plan.featureSet.features.flatMap(\.eventNames)
            + plan.population.hasDone.names
        let names = patterns.map { $0.ends(with: "*") ? $0.dropLast() + "golden" : $0 }
        return Array(VerbatimSet(names + ["golden"])).sorted()
    }

    private static func properties(_ index: Int, plan: FeaturePlan, model: Model) -> VerbatimDictionary<
        String
    > {
        var properties: VerbatimDictionary<String> = [:]
        for (place, property) in plan.amountProperties.enumerated() {
            properties[property.name] = String((index * 37 + place * 11) % 100)
        }
        for property in plan.textProperties {
            let levels = model.training.inputs.enumerated().first { input, distribution in
                plan.featureSet.features[input].property == property && !distribution.levels.isEmpty
            }
            properties[property] = levels.map { $1.levels[index % $1.levels.count] } ?? "golden"
        }
        return properties
    }
}
