import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// A model over most kinds of features, so that a live score depends on all of a history.
enum TestModel {
    static let features = [
        Feature(kind: .recency),
        Feature(kind: .count, events: EventPattern(names: ["purchase"]), window: .days(30)),
        Feature(kind: .sum, events: EventPattern(names: ["purchase"]), window: .days(30), property: "value"),
        Feature(kind: .mean, events: EventPattern(names: ["purchase"]), property: "value"),
        Feature(kind: .sessions, window: .days(14)),
        Feature(kind: .activeDays, window: .days(14)),
        Feature(kind: .meanGap),
        Feature(kind: .trend, window: .days(7), against: .days(30)),
        Feature(kind: .distinct, events: EventPattern(names: ["page"]), property: "path"),
        Feature(kind: .count, events: EventPattern(names: ["mail_sent"])),
        // A property that is an amount above and a text here.
        Feature(kind: .distinct, events: EventPattern(names: ["purchase"]), property: "value"),
        Feature(
            name: "device", kind: .lastCategory, events: EventPattern(names: ["page"]), property: "device"),
    ]

    static let featureSet = FeatureSet(
        systemEvents: ["mail_sent"], decimals: ["value": 2], features: features)

    static func model() -> Model {
        let inputs = features.map { Model.Input(name: $0.name, isCategorical: $0.kind.isCategorical) }
        let devices = Term.Levels(names: ["mobile", "desktop"], values: [0.125, -0.25], other: 0.03)
        let terms = inputs.indices.map { index in
            let line = Term.Line(transform: .signedLog, coefficient: 0.07 * Double(index + 1), offset: -0.1)
            let shape: Term.Shape = inputs[index].isCategorical ? .levels(devices) : .line(line)
            return Term(input: index, shape: shape, missing: 0.01 * Double(index))
        }
        let distribution = TrainingSummary.Distribution(counts: [1], missing: 0)
        return Model(
            kind: .logistic,
            source: .log(
                featureSet, Population(), Label(kind: .inactivity, events: .any, horizon: .days(28))),
            inputs: inputs, intercept: -1, terms: terms, calibrator: .platt(slope: 0.9, intercept: 0.1),
            training: TrainingSummary(
                rows: 1, users: 1, positives: 0, inputs: inputs.map { _ in distribution },
                logOdds: distribution),
            evaluation: .object([:]), provenance: .object([:]))
    }

    static func verified() throws -> ModelFile.Verified {
        try ModelFile.decode(ModelFile.encode(model()).bytes)
    }
}
