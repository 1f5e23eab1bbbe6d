import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// A LightGBM model of stumps, read from its text.
struct LightGBMModel {
    let ensemble: StumpEnsemble

    /// Reads a model.
    ///
    /// - Throws: `InputError` with the line of the error, or of what is not a sum of stumps.
    init(_ bytes: [UInt8], file: String, options: BoosterImport) throws(InputError) {
        let text = try LightGBMText(bytes, file: file)
        let head = text.head
        for key in ["num_class", "num_tree_per_iteration"] where head.optional(key) != "1" {
            let found = head.optional(key).map { "found \($0.quoted)" } ?? "is missing"
            throw head.error(key, "\(found), expected 1: a model of one probability")
        }
        let calibrator = try Self.calibrator(head, takesRawSum: options.takesRawSum)
        let inputs = try LightGBMInputs(text).inputs
        let count = try options.rounds(of: text.trees.count, file: file)
        // The prediction of a random forest is the mean of its trees.
        let scale = head.flags.contains("average_output") ? 1 / Double(max(1, count)) : 1
        var stumps: [ImportedStump] = []
        for tree in text.trees.prefix(count) {
            stumps.append(try LightGBMTree(tree, inputs: inputs, scale: scale).stump)
        }
        ensemble = StumpEnsemble(
            inputs: inputs, base: 0, stumps: stumps, calibrator: calibrator,
            provenance: Self.provenance(head, trees: count, of: text.trees.count))
    }

    /// Returns the mapping of the raw sum to a probability: LightGBM's `sigmoid` multiplies the sum.
    private static func calibrator(
        _ head: LightGBMSection, takesRawSum: Bool
    ) throws(InputError) -> Calibrator {
        guard let objective = head.optional("objective"), objective != "custom" else {
            guard takesRawSum else {
                throw head.error(
                    "objective",
                    "is missing or custom, expected binary or cross_entropy; "
                        + "--raw-sum takes the raw sum for log-odds"
                )
            }
            return .none
        }
        let words = objective.split(separator: " ")
        guard let name = words.first, ["binary", "cross_entropy"].contains(name) else {
            throw head.error("objective", "found \(objective.quoted), expected binary or cross_entropy")
        }
        var slope = 1.0
        for word in words.dropFirst() where word.begins(with: "sigmoid:") {
            guard let number = Double(word.dropFirst("sigmoid:".count)), number > 0, number.isFinite else {
                throw head.error("objective", "found \(objective.quoted), expected a sigmoid above 0")
            }
            slope = number
        }
        return slope == 1 ? .none : .platt(slope: slope, intercept: 0)
    }

    private static func provenance(_ head: LightGBMSection, trees: Int, of total: Int) -> JSON {
        let infos = head.optional("feature_infos").map {
            $0.split(separator: " ").map { JSON.string(String($0)) }
        }
        return .object([
            "importedFrom": .string("LightGBM"), "version": head.optional("version").map { .string($0) },
            "objective": head.optional("objective").map { .string($0) },
            "averageOutput": head.flags.contains("average_output") ? .boolean(true) : nil,
            "trees": .number(trees), "treesInFile": .number(total), "featureInfos": infos.map { .array($0) },
        ])
    }
}
