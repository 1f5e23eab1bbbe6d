public import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
public import LimpetScoring

/// The differences of two models' inputs, terms and training.
///
///     let (old, new) = (try ModelFile.read("old.json"), try ModelFile.read("new.json"))
///     let difference = ModelDifference(old, new)
///     print(difference.added, difference.removed, difference.changed.first?.name ?? "the same terms")
public struct ModelDifference: Sendable {
    /// The hashes of the model files.
    public let hashes: (old: String, new: String)
    /// The models.
    public let models: (old: Model, new: Model)
    /// The movement of a population's scores; nil where none was given.
    public let movement: ScoreMovement?
    /// The inputs that only the old model has.
    public let removed: [String]
    /// The inputs that only the new model has.
    public let added: [String]
    /// The spread of contributions of each term, by name; those that changed most come first.
    public let changed: [(name: String, old: Double, new: Double)]

    /// Compares two models.
    ///
    /// - Parameters:
    ///   - old: the model to compare with.
    ///   - new: the model that might follow it.
    ///   - movement: how the scores of a population move; nil where none was given.
    public init(
        _ old: ModelFile.Verified, _ new: ModelFile.Verified, movement: ScoreMovement? = nil
    ) {
        hashes = (old.hash, new.hash)
        models = (old.scorer.model, new.scorer.model)
        self.movement = movement
        let importances = [models.old, models.new].map { model in
            let names = TermNames(model)
            return VerbatimDictionary(
                model.terms.map { (names.name(of: $0), $0.importance) }, uniquingKeysWith: +)
        }
        let inputs = [models.old, models.new].map { VerbatimSet($0.inputs.map(\.name)) }
        removed = inputs[0].subtracting(inputs[1]).sorted()
        added = inputs[1].subtracting(inputs[0]).sorted()
        changed = VerbatimSet(importances[0].keys).union(importances[1].keys).map { name in
            (name, importances[0][name] ?? 0, importances[1][name] ?? 0)
        }.sorted { (abs($1.1 - $1.2), $0.0) < (abs($0.1 - $0.2), $1.0) }
    }

    /// The differences as JSON.
    public var document: JSON {
        .object([
            "old": .string(hashes.old), "new": .string(hashes.new),
            "removedInputs": .array(removed.map { .string($0) }),
            "addedInputs": .array(added.map { .string($0) }),
            "terms": .array(
                changed.map {
                    .object(["name": .string($0.name), "old": .number($0.old), "new": .number($0.new)])
                }),
            "movement": movement?.document ?? .null,
        ])
    }
}

extension ScoreMovement {
    fileprivate var document: JSON {
        let realisedDocument: JSON? = realised.map {
            .object(["old": $0.old.document, "new": $0.new.document])
        }
        let listed = movers.map { mover -> JSON in
            .object([
                "name": .string(mover.name), "old": .number(mover.old), "new": .number(mover.new),
            ])
        }
        return .object([
            "rows": .number(rows), "rankCorrelation": rankCorrelation.map { .number($0) } ?? .null,
            "oldThreshold": thresholds.map { .number($0.0) } ?? .null,
            "newThreshold": thresholds.map { .number($0.1) } ?? .null,
            "tenths": .array(tenths.map(\.document)), "movers": .array(listed),
            "realised": realisedDocument ?? .null,
        ])
    }
}

extension ScoreMovement.Tenth {
    fileprivate var document: JSON {
        .object([
            "rows": .number(rows), "oldMean": .number(oldMean), "newMean": .number(newMean),
            "crossing": Self.count(crossing), "newTenths": .array(places.map(Self.count)),
        ])
    }

    /// Returns a number of rows: a whole one unless rows have weights that are fractions.
    private static func count(_ rows: Double) -> JSON {
        Int(exactly: rows).map { .number($0) } ?? .number(rows)
    }
}
