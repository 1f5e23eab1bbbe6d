import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetScoring

/// The parts of an XGBoost document outside its trees.
struct XGBoostContents {
    let inputs: [StumpEnsemble.Input]
    /// The value added to the sum of the trees.
    let baseLogOdds: Double
    /// The trees, each with its `dart` weight.
    let trees: [(node: DocumentNode, weight: Float)]
    /// The number of trees in one round of boosting.
    let parallelTrees: Int
    /// The best round according to early stopping, from 0.
    let bestIteration: Int?
    private let objective: String
    private let version: String?
    private let booster: String

    private static let featureLimit = 100_000

    init(_ root: DocumentNode) throws(DocumentError) {
        let learner = try root.required("learner")
        let parameters = try learner.required("learner_model_param")
        for (name, most) in [("num_class", 1), ("num_target", 1)] {
            guard let node = try parameters.optional(name) else { continue }
            guard let count = Int(try node.string()), count <= most else {
                throw node.error(
                    "found \(node.value.compact), expected at most 1: a model of one probability")
            }
        }
        let objective = try learner.required("objective").required("name")
        self.objective = try objective.string()
        baseLogOdds = try Self.base(parameters.required("base_score"), objective: objective)
        let boosting = try learner.required("gradient_booster")
        booster = try boosting.required("name").string()
        let model = try Self.model(boosting, name: booster)
        trees = try Self.trees(model, boosting: boosting, isDart: booster == "dart")
        parallelTrees = try Self.parallelTrees(model, trees: trees.count)
        let featureCount = try parameters.required("num_feature")
        guard let count = Int(try featureCount.string()), (0...Self.featureLimit).contains(count) else {
            throw featureCount.error("expected a whole number from 0 to \(Self.featureLimit)")
        }
        inputs = try XGBoostInputs(learner, categories: model.optional("cats"), count: count).inputs
        bestIteration = try learner.optional("attributes")?.optional("best_iteration")?.value.text.flatMap {
            Int($0)
        }
        version = try root.optional("version")?.elements(limit: 8).map { $0.value.compact }.joined(
            separator: ".")
    }

    /// Returns the base score as log-odds. It is a probability, but log-odds for `binary:logitraw`; since
    /// version 3 it is written as a list of one.
    private static func base(_ node: DocumentNode, objective: DocumentNode) throws(DocumentError) -> Double {
        let text = try node.string()
        var number = text[...]
        if number.begins(with: "["), number.ends(with: "]") { number = number.dropFirst().dropLast() }
        guard let score = Float(number), score.isFinite else {
            throw node.error("found \(text.quoted), expected one finite number")
        }
        switch try objective.string() {
        case "binary:logistic", "reg:logistic":
            guard score > 0, score < 1 else {
                throw node.error("found \(text.quoted), expected a probability between 0 and 1")
            }
            return ElementaryFunctions.logit(Double(score))
        case "binary:logitraw": return Double(score)
        default:
            throw objective.error(
                "found \(try objective.string().quoted), expected binary:logistic, "
                    + "reg:logistic or binary:logitraw"
            )
        }
    }

    private static func model(_ boosting: DocumentNode, name: String) throws(DocumentError) -> DocumentNode {
        switch name {
        case "gbtree": return try boosting.required("model")
        case "dart": return try boosting.required("gbtree").required("model")
        default:
            throw try boosting.required("name").error("found \(name.quoted), expected gbtree or dart")
        }
    }

    private static func trees(
        _ model: DocumentNode, boosting: DocumentNode, isDart: Bool
    ) throws(DocumentError) -> [(node: DocumentNode, weight: Float)] {
        let trees = try model.required("trees").elements()
        guard isDart else { return trees.map { ($0, 1) } }
        let weights = try boosting.required("weight_drop")
        let list = try weights.elements()
        guard list.count == trees.count else {
            throw weights.error(
                "has \(list.count) weights, expected one for each of the \(trees.count) trees")
        }
        var result: [(node: DocumentNode, weight: Float)] = []
        for (tree, weight) in zip(trees, list) { result.append((tree, try weight.float())) }
        return result
    }

    private static func parallelTrees(_ model: DocumentNode, trees: Int) throws(DocumentError) -> Int {
        guard
            let node = try model.optional("gbtree_model_param")?.optional("num_parallel_tree"),
            try node.string() != "0"
        else { return 1 }
        guard let count = Int(try node.string()), count > 0, trees.isMultiple(of: count) else {
            throw node.error(
                "found \(node.value.compact), expected a number that divides that of the \(trees) trees")
        }
        return count
    }

    func provenance(trees count: Int) -> JSON {
        .object([
            "importedFrom": .string("XGBoost"), "version": version.map { .string($0) },
            "objective": .string(objective), "booster": .string(booster), "trees": .number(count),
            "treesInFile": .number(trees.count),
        ])
    }
}

extension DocumentNode {
    /// Returns a 32-bit number, parsed directly from its decimal text, so that it is rounded only once.
    func float() throws(DocumentError) -> Float {
        guard case .number(let text) = value, let number = Float(text), number.isFinite else {
            throw error("found \(value.compact.quoted), expected a finite number of 32 bits")
        }
        return number
    }
}
