import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures
package import LimpetScoring

/// A small model: the longer since the last event, the riskier; mobile users a little more.
package enum TestModel {
    package static let features = [
        Feature(name: "recency_any", kind: .recency),
        Feature(name: "count_purchase", kind: .count, events: EventPattern(names: ["purchase"])),
        Feature(
            name: "device", kind: .lastCategory, events: EventPattern(names: ["page"]), property: "device"),
    ]

    package static func model(timeZone: String = "UTC", population: Population = Population()) -> Model {
        let featureSet = FeatureSet(
            timeZone: timeZone, systemEvents: ["offer_shown"], decimals: [:], features: features)
        let label = Label(kind: .inactivity, events: .any, horizon: .days(28))
        let line = Term.Line(transform: .signedLog, coefficient: 0.75, offset: -0.5)
        let fewer = Term.Line(transform: .identity, coefficient: -0.25, offset: 0.1)
        let devices = Term.Levels(names: ["mobile", "desktop"], values: [0.125, -0.25], other: 0)
        let inputs = features.map { Model.Input(name: $0.name, isCategorical: $0.kind.isCategorical) }
        let distribution = TrainingSummary.Distribution(counts: [1], missing: 0)
        return Model(
            kind: .logistic, source: .log(featureSet, population, label), inputs: inputs, intercept: -1,
            terms: [
                Term(input: 0, shape: .line(line), missing: 1),
                Term(input: 1, shape: .line(fewer), missing: 0),
                Term(input: 2, shape: .levels(devices), missing: 0.05),
            ],
            calibrator: .none,
            training: TrainingSummary(
                rows: 1, users: 1, positives: 0, inputs: features.map { _ in distribution },
                logOdds: distribution),
            evaluation: .object([:]), provenance: .object([:]))
    }

    package static func verified(
        timeZone: TimeZoneRules = .utc, population: Population = Population()
    ) throws -> ModelFile.Verified {
        let bytes = ModelFile.encode(model(timeZone: timeZone.name, population: population)).bytes
        return try ModelFile.decode(bytes, zone: { $0 == timeZone.name ? timeZone : nil })
    }
}
