import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// One model as a line of a list.
struct ModelLine {
    let verified: ModelFile.Verified

    init(_ verified: ModelFile.Verified) { self.verified = verified }

    private var model: Model { verified.scorer.model }

    /// The out-of-sample AUC; nil where the model file has none.
    var auc: Double? { model.evaluation["auc"]?.double ?? model.evaluation["outOfFold"]?["auc"]?.double }

    var cells: [String] {
        [
            model.kind.rawValue, "\(Format.count(model.training.rows)) rows",
            model.training.dataUntil.map { String($0.description.prefix(10)) } ?? "",
            auc.map { Format.fixed($0, 4) } ?? "", String(verified.hash.prefix(12)),
        ]
    }

    func document(name: String, version: Int, aliases: [String]) -> JSON {
        .object([
            "name": .string(name), "version": .number(version), "hash": .string(verified.hash),
            "kind": .string(model.kind.rawValue), "trainingRows": .number(model.training.rows),
            "dataUntil": model.training.dataUntil.map { .string($0.description) } ?? .null,
            "auc": auc.map { .number($0) } ?? .null,
            "aliases": .array(aliases.map { .string($0) }),
        ])
    }
}
