import LimpetDocuments
import LimpetEvents

/// A tree of LightGBM with at most one split.
///
/// The decisions are those of `Tree::NumericalDecision` and `Tree::CategoricalDecision` in LightGBM's
/// `tree.h`.
struct LightGBMTree {
    let stump: ImportedStump

    /// The treatment of missing numbers, two bits of `decision_type`.
    private enum MissingType: Int {
        case none, zero, nan
    }

    /// The largest magnitude that LightGBM treats as 0 wherever it reads a table: `kZeroThreshold`, a 32-bit
    /// number.
    private static let zero = Double(Float(1e-35))

    /// Reads a tree.
    ///
    /// - Parameter scale: the factor of each leaf.
    init(_ tree: LightGBMSection, inputs: [StumpEnsemble.Input], scale: Double) throws(InputError) {
        let leafCount = try tree.integer("num_leaves", in: 1...1_000_000)
        if let linear = tree.optional("is_linear"), linear != "0" {
            throw tree.error(
                "is_linear", "the tree has linear leaves, expected constant ones (linear_tree=false)")
        }
        guard leafCount <= 2 else {
            throw tree.error(
                "num_leaves",
                "the tree has \(leafCount) leaves, expected at most 2: one split a tree (num_leaves=2)")
        }
        let leaves = try tree.numbers("leaf_value", count: leafCount, areFinite: true).map { $0 * scale }
        guard leafCount == 2 else {
            stump = ImportedStump(shape: .constant(leaves[0]))
            return
        }
        // Children below 0 are leaves: -1 the first, -2 the second.
        let children = try [
            tree.integers("left_child", count: 1, in: -2 ... -1)[0],
            tree.integers("right_child", count: 1, in: -2 ... -1)[0],
        ]
        guard children[0] != children[1] else {
            throw tree.error("right_child", "found \(children[1]), expected the other leaf than left_child")
        }
        let input = try tree.integers("split_feature", count: 1, in: 0...(inputs.count - 1))[0]
        let type = try tree.integers("decision_type", count: 1, in: 0...15)[0]
        let weights = tree.optional("leaf_count")?.split(separator: " ").map { Double($0) ?? .nan } ?? []
        let (left, right) = (-children[0] - 1, -children[1] - 1)
        let isCategory = type & 1 != 0
        guard isCategory == inputs[input].kind.isCategory else {
            throw tree.error(
                "decision_type",
                "the split of \(inputs[input].name.quoted) is "
                    + "\(isCategory ? "of categories" : "at a threshold"), which its feature_infos do not say"
            )
        }
        stump = ImportedStump(
            shape: isCategory
                ? try Self.category(tree, input, leaves[left], leaves[right])
                : try Self.number(tree, input, type, leaves[left], leaves[right]),
            share: weights.count == 2
                ? ImportedStump.Share(
                    left: weights[left], right: weights[right], leftValue: leaves[left],
                    rightValue: leaves[right])
                : nil)
    }

    private static func number(
        _ tree: LightGBMSection, _ input: Int, _ type: Int, _ left: Double, _ right: Double
    ) throws(InputError) -> ImportedStump.Shape {
        let threshold = try tree.numbers("threshold", count: 1, areFinite: false)[0]
        guard let missing = MissingType(rawValue: type >> 2) else {
            throw tree.error(
                "decision_type", "found \(type), expected missing values to be none, zero or NaN")
        }
        let byDefault = type & 2 != 0 ? left : right
        // A threshold within the range that counts as 0 separates that whole range from one side only.
        let reached = threshold.magnitude > zero ? threshold.nextUp : threshold < 0 ? -zero : zero.nextUp
        let edges = missing == .zero ? [reached, -zero, zero.nextUp] : [reached]
        return ImportedStump.number(input: input, edges: edges) { value in
            let isZero = value.magnitude <= zero || value.isNaN && missing != .nan
            let number = isZero ? 0 : value
            if number.isNaN || missing == .zero && isZero { return byDefault }
            return number <= threshold ? left : right
        }
    }

    /// Reads a split of a category: texts that are not listed for the left leaf go right, and so do missing
    /// ones.
    private static func category(
        _ tree: LightGBMSection, _ input: Int, _ left: Double, _ right: Double
    ) throws(InputError) -> ImportedStump.Shape {
        let words = try tree.integers("cat_threshold", in: 0...Int(UInt32.max))
        let ends = try tree.integers("cat_boundaries", count: 2, in: 0...words.count)
        let set = try tree.integers("threshold", count: 1, in: 0...0)[0]
        guard ends[set] == 0, ends[set + 1] == words.count else {
            throw tree.error("cat_boundaries", "found \(ends[0]) to \(ends[1]), expected 0 to \(words.count)")
        }
        var codes: [Int] = []
        for (place, word) in words.enumerated() {
            for bit in 0..<32 where word >> bit & 1 == 1 { codes.append(32 * place + bit) }
        }
        return .category(input: input, codes: codes, inside: left, outside: right, missing: right)
    }
}
