import Foundation
import LimpetEvents
import LimpetExport
import LimpetScoring
import LimpetTestSupport
import Testing

/// Files of boosters that are read by hand, refused by name, or hostile.
@Suite struct BoosterImportTests {
    static let lightgbm = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=visits plan
        feature_infos=[0:6] 0:1:2

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=0
        threshold=1.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=-0.5 0.25
        leaf_count=30 10

        Tree=1
        num_leaves=2
        num_cat=1
        split_feature=1
        threshold=0
        decision_type=1
        left_child=-1
        right_child=-2
        leaf_value=1 2
        leaf_count=30 10
        cat_boundaries=0 1
        cat_threshold=5

        end of trees

        pandas_categorical:null

        """

    static let xgboost = """
        {"learner": {"attributes": {}, "feature_names": ["visits"], "feature_types": ["float"],
        "gradient_booster": {"model": {"gbtree_model_param": {"num_parallel_tree": "1", "num_trees": "1"},
        "trees": [{"categories": [], "categories_nodes": [], "categories_segments": [], \
        "categories_sizes": [],
        "default_left": [1, 0, 0], "left_children": [1, -1, -1], "right_children": [2, -1, -1],
        "split_conditions": [2.0, -0.5, 0.25], "split_indices": [0, 0, 0], "split_type": [0, 0, 0],
        "sum_hessian": [40.0, 30.0, 10.0], "tree_param": {"size_leaf_vector": "1"}}]}, "name": "gbtree"},
        "learner_model_param": {"base_score": "[5E-1]", "num_class": "0", "num_feature": "1"},
        "objective": {"name": "binary:logistic"}}, "version": [3, 2, 0]}
        """

    private static func read(_ text: String) throws -> BoosterImport.Result {
        try BoosterImport().read(Array(text.utf8), file: "booster")
    }

    @Test("LightGBM's stumps become steps and levels")
    func reads() throws {
        let model = try Self.read(Self.lightgbm).model
        let rows: [(visits: Double, plan: String, logOdds: Double)] = [
            (1.5, "0", -0.5 + 1), (1.5.nextUp, "1", 0.25 + 2), (.nan, "2", -0.5 + 1), (9, "", 0.25 + 2),
            (0, "pro", -0.5 + 2),
        ]
        let scores = Scorer(model).scores(
            numbers: [rows.map(\.visits), []], keys: [[], rows.map { TextKey($0.plan).rawValue }],
            rowCount: rows.count)
        for (row, score) in zip(rows, scores) {
            #expect(abs(row.logOdds - score.logOdds) < 1e-15, "\(row)")
        }
    }

    @Test("XGBoost compares in 32 bits")
    func readsSingle() throws {
        let model = try Self.read(Self.xgboost).model
        // Half of the step below 2 is 2⁻²⁴: from there on a double is rounded to 2.
        let values = [1.9, 2 - 0x1p-24, (2 - 0x1p-24).nextDown, 2, .nan]
        let scores = Scorer(model).scores(numbers: [values], keys: [[]], rowCount: values.count)
        #expect(scores.map(\.logOdds) == [-0.5, 0.25, -0.5, 0.25, -0.5])
    }

    static let refused: [(kind: String, find: String, replace: String, message: String)] = [
        ("lightgbm", "num_leaves=2\nnum_cat=0", "num_leaves=3\nnum_cat=0", "3 leaves"),
        ("lightgbm", "num_class=1", "num_class=3", "expected 1"),
        ("lightgbm", "binary sigmoid:1", "regression", "regression"),
        ("lightgbm", "binary sigmoid:1", "binary sigmoid:-1", "sigmoid above 0"),
        ("lightgbm", "threshold=1.5", "threshold=some", "found \"some\""),
        ("lightgbm", "leaf_value=-0.5 0.25", "leaf_value=-0.5", "leaf_value"),
        ("lightgbm", "leaf_value=-0.5 0.25", "leaf_value=-0.5 inf", "finite"),
        ("lightgbm", "split_feature=0", "split_feature=7", "split_feature"),
        ("lightgbm", "end of trees", "", "incomplete"),
        ("lightgbm", "feature_names=visits plan", "feature_names=visits", "1 names, expected 2"),
        ("lightgbm", "Tree=1", "Tree=5", "expected \"Tree=1\""),
        ("lightgbm", "split_feature=1\n", "split_feature=0\n", "of categories"),
        (
            "xgboost", "\"left_children\": [1, -1, -1]", "\"left_children\": [1, 2, -1]",
            "deeper than one split"
        ),
        ("xgboost", "binary:logistic", "multi:softprob", "multi:softprob"),
        ("xgboost", "[5E-1]", "[2]", "probability"),
        ("xgboost", "\"gbtree\"}", "\"gblinear\"}", "gblinear"),
        ("xgboost", "\"split_conditions\": [2.0, ", "\"split_conditions\": [", "as many"),
        ("xgboost", "\"split_indices\": [0,", "\"split_indices\": [4,", "expected a feature"),
    ]

    @Test("what stumps cannot give is refused with what was found", arguments: refused)
    func refuses(_ item: (kind: String, find: String, replace: String, message: String)) throws {
        let text = item.kind == "lightgbm" ? Self.lightgbm : Self.xgboost
        let changed = text.replacing(item.find, with: item.replace, maxReplacements: 1)
        #expect(changed != text)
        let error = #expect(throws: InputError.self) { try Self.read(changed) }
        #expect(error?.description.contains(item.message) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("booster") == true)
    }

    @Test(
        "mutants of a booster's file are models that score, or are refused", arguments: [lightgbm, xgboost])
    func mutants(_ text: String) throws {
        let setting = ProcessInfo.processInfo.environment["LIMPET_MUTANTS"]
        let count = setting.flatMap { Int($0) } ?? 20_000
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = TestRandom(seed: seed)
        let original = Array(text.utf8)
        var (read, refused) = (0, 0)
        for _ in 0..<count {
            var bytes = original
            for _ in 0...random.below(3) {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] = UInt8(random.below(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(original[random.below(original.count)], at: place)
                default: bytes[place] = UInt8(ascii: "0") + UInt8(random.below(10))
                }
            }
            do {
                let model = try BoosterImport().read(bytes, file: "booster").model
                let numbers = model.inputs.map { $0.isCategorical ? [] : [1.0, .nan] }
                let keys = model.inputs.map { $0.isCategorical ? [UInt64(0), 5] : [] }
                let scores = Scorer(model).scores(numbers: numbers, keys: keys, rowCount: 2)
                #expect(scores.allSatisfy { !$0.probability.isNaN }, "seed \(seed)")
                read += 1
            } catch {
                refused += 1
            }
        }
        #expect(read + refused == count && read > 0 && refused > 0, "seed \(seed)")
    }
}
