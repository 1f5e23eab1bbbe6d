import LimpetEvaluation
public import LimpetEvents
public import LimpetFeatures
public import LimpetScoring

extension Model {
    /// The model with golden rows and histories: made up from bins, levels and the feature set's own names, so
    /// that they touch every term and hold nothing of any person.
    public func withGoldenInputs(zone: TimeZoneRules) throws(FeatureSetError) -> Model {
        var model = self
        model.golden = Golden()
        let scorer = Scorer(model)
        model.golden.rows = (0..<12).map { GoldenInputs.row($0, scorer: scorer) }
        if let plan = try plan(zone: zone) {
            model.golden.histories = (0..<4).map { GoldenInputs.history($0, scorer: scorer, plan: plan) }
        }
        return model
    }
}

/// Makes up inputs that a loader can repeat.
private enum GoldenInputs {
    static func row(_ number: Int, scorer: Scorer) -> Golden.Row {
        let model = scorer.model
        var vector = FeatureVector(count: model.inputs.count)
        var values: [JSON] = []
        for (index, distribution) in model.training.inputs.enumerated() {
            // Neighbouring inputs and rows take different bins; one in each round is missing.
            let choice = (number * 5 + index * 3) % (distribution.counts.count + 1)
            if choice == distribution.counts.count {
                values.append(.null)
            } else if model.inputs[index].isCategorical {
                let name = choice < distribution.levels.count ? distribution.levels[choice] : "another level"
                vector.categories[index] = TextKey(name)
                values.append(.string(name))
            } else {
                let value = choice == 0 ? (distribution.edges.first ?? 1) - 1 : distribution.edges[choice - 1]
                vector.numbers[index] = value
                values.append(.number(value))
            }
        }
        let score = scorer.score(vector)
        return Golden.Row(values: values, logOdds: score.logOdds, probability: score.probability)
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

    /// The names that the features look at; a beginning with a star stands for one name.
    private static func eventNames(_ plan: FeaturePlan) -> [String] {
        let patterns =
            plan.featureSet.features.flatMap { $0.events.names + ($0.minus?.names ?? []) }
            + plan.population.hasDone.names
        let names = patterns.map { $0.hasSuffix("*") ? $0.dropLast() + "golden" : $0 }
        return Array(Set(names + ["golden"])).sorted()
    }

    private static func properties(_ index: Int, plan: FeaturePlan, model: Model) -> [String: String] {
        var properties: [String: String] = [:]
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
