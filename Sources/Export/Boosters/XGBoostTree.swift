import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// A tree of XGBoost with at most one split.
struct XGBoostTree {
    let stump: ImportedStump

    /// Reads a tree.
    ///
    /// - Parameter weight: the factor of the leaves in `dart`; 1 otherwise.
    init(_ tree: DocumentNode, inputs: [StumpEnsemble.Input], weight: Float) throws(DocumentError) {
        let size = try tree.required("tree_param").optional("size_leaf_vector")
        guard ["0", "1", nil].contains(size?.value.text) else {
            throw tree.error("the leaves have several values each, expected one")
        }
        let left = try Self.children(tree, "left_children")
        let right = try Self.children(tree, "right_children")
        let values = try tree.required("split_conditions")
        let numbers = try values.elements()
        guard !left.isEmpty, left.count == right.count, left.count == numbers.count else {
            throw tree.error(
                "left_children, right_children and split_conditions must be as many, and at least one")
        }
        func leaf(_ node: Int) throws(DocumentError) -> Double {
            guard node >= 0, node < left.count else {
                throw tree.error("a child is node \(node), but the tree has \(left.count) nodes")
            }
            guard left[node] == -1 else {
                throw tree.error(
                    "the tree is deeper than one split, expected max_depth=1: node \(node) splits as well")
            }
            return Double(try numbers[node].float()) * Double(weight)
        }
        guard left[0] != -1 else {
            stump = ImportedStump(shape: .constant(try leaf(0)))
            return
        }
        let split = XGBoostSplit(
            tree: tree, left: try leaf(left[0]), right: try leaf(right[0]), threshold: try numbers[0].float())
        let weights = try tree.optional("sum_hessian")?.elements().map { $0.value.double ?? .nan } ?? []
        let share =
            weights.count == left.count
            ? ImportedStump.Share(
                left: weights[left[0]], right: weights[right[0]], leftValue: split.left,
                rightValue: split.right)
            : nil
        stump = ImportedStump(shape: try split.shape(inputs), share: share)
    }

    private static func children(_ tree: DocumentNode, _ name: String) throws(DocumentError) -> [Int] {
        var children: [Int] = []
        for element in try tree.required(name).elements() {
            children.append(try element.integer(in: -1...Int(Int32.max)))
        }
        return children
    }
}

/// The split at the root of a tree.
struct XGBoostSplit {
    let tree: DocumentNode
    let left: Double
    let right: Double
    let threshold: Float

    func shape(_ inputs: [StumpEnsemble.Input]) throws(DocumentError) -> ImportedStump.Shape {
        let node = try first("split_indices")
        guard let input = node.value.integer, inputs.indices.contains(input) else {
            throw node.error("found \(node.value.compact), expected a feature from 0 to \(inputs.count - 1)")
        }
        let goesLeft = try first("default_left")
        let missing = goesLeft.value.boolean ?? (goesLeft.value.integer == 1) ? left : right
        var isCategory = false
        if try tree.optional("split_type") != nil { isCategory = try first("split_type").value.integer == 1 }
        guard isCategory == inputs[input].kind.isCategory else {
            throw node.error(
                "the split of \(inputs[input].name.quoted) is "
                    + "\(isCategory ? "of categories" : "at a threshold"), which feature_types do not say"
            )
        }
        guard isCategory else {
            let edge = threshold.leastDoubleRoundedToIt
            return ImportedStump.number(input: input, edges: [edge]) { value in
                value.isNaN ? missing : value < edge ? left : right
            }
        }
        // The listed texts go right, all others left.
        return .category(
            input: input, codes: try categories(), inside: right, outside: left, missing: missing)
    }

    private func first(_ name: String) throws(DocumentError) -> DocumentNode {
        let node = try tree.required(name)
        guard let first = try node.elements().first else {
            throw node.error("is empty, expected a value of each node")
        }
        return first
    }

    private func categories() throws(DocumentError) -> [Int] {
        var codes: [Int] = []
        let nodes = try tree.required("categories_nodes")
        guard try nodes.elements().map({ $0.value.integer }) == [0] else {
            throw nodes.error("found \(nodes.value.compact.quoted), expected the one split, node 0")
        }
        for element in try tree.required("categories").elements() {
            codes.append(try element.integer(in: 0...(1 << 24)))
        }
        return codes
    }
}

extension Float {
    /// The least double that is rounded to this finite number or to a greater one.
    ///
    /// XGBoost rounds a value to 32 bits, ties to even, and then compares. A value halfway between this
    /// number and the one below is rounded to the one whose last bit is 0.
    package var leastDoubleRoundedToIt: Double {
        let below = nextDown
        // The difference from the least finite number to -infinity counts as one more step.
        let middle =
            below.isFinite ? (Double(self) + Double(below)) / 2 : Double(self) - Double(ulp) / 2
        return bitPattern & 1 == 0 ? middle : middle.nextUp
    }
}
