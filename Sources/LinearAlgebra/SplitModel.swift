import CKernels

/// A quadratic model of a loss around the current scores, in terms of splits, which boosts stumps at a cost
/// that depends on the number of splits alone.
///
/// With `L` the rows left of a split, it holds for every split the summed gradient of `L`; a stump that adds
/// `left` to the rows of `L` and `right` to all others moves the summed gradient of `M` by `right · h(M) +
/// (left − right) · w(L ∩ M)`, where `h` is the summed Hessian.
package struct SplitModel: Sendable {
    /// The splits with their shared weights.
    package let gram: SplitGram
    private var leftGradients: [Float]
    private let leftHessians: [Float]
    private let sharedHessians: [Float]
    private let inverseLeft: [Float]
    private let inverseRight: [Float]
    private var totalGradient: Double
    private let totalHessian: Double
    private let l1: Double
    private let l2: Double
    /// −1, 0 or 1 for each split; nil where no term is monotonic.
    private let directions: [Float]?
    private var pending: (split: Int, right: Double, difference: Double)?

    /// A stump in the terms of the model.
    package struct Stump: Hashable, Sendable {
        /// The number of the split.
        package var split: Int
        /// The value added to the scores of rows on the split's left.
        package var left: Double
        /// The value added to the scores of all other rows.
        package var right: Double
        /// The decrease of the model's loss.
        package var fall: Double
    }

    /// Makes the model at the current scores.
    ///
    /// - Parameters:
    ///   - leftGradients: the summed gradient left of each split.
    ///   - leftHessians: the summed Hessian left of each split.
    ///   - isAllowed: true for each split with enough rows on both sides.
    package init(
        gram: SplitGram, leftGradients: [Double], leftHessians: [Double], totalGradient: Double,
        totalHessian: Double, isAllowed: [Bool], directions: [Float]?, l1: Double, l2: Double
    ) {
        let count = gram.offsets[gram.axes.count]
        precondition(
            leftGradients.count == count && leftHessians.count == count && isAllowed.count == count)
        func padded(_ value: (Int) -> Double) -> [Float] {
            (0..<gram.stride).map { $0 < count ? Float(value($0)) : 0 }
        }
        self.gram = gram
        self.leftGradients = padded { leftGradients[$0] }
        self.leftHessians = padded { leftHessians[$0] }
        sharedHessians = padded { Double(gram.leftWeights[$0]) }
        inverseLeft = padded { isAllowed[$0] ? 1 / (leftHessians[$0] + l2) : 0 }
        inverseRight = padded { isAllowed[$0] ? 1 / (max(0, totalHessian - leftHessians[$0]) + l2) : 0 }
        self.directions = directions.map { directions in padded { Double(directions[$0]) } }
        self.totalGradient = totalGradient
        self.totalHessian = totalHessian
        self.l1 = l1
        self.l2 = l2
    }

    /// Returns the best stump, scaled by `rate`; nil when none lowers the model's loss by enough.
    ///
    /// - Parameters:
    ///   - least: the least gain that a stump must have.
    ///   - allowed: 1 for splits that may be chosen in this round and 0 for others; nil for all.
    package mutating func boost(rate: Double, least: Double = 0, allowed: [Float]? = nil) -> Stump? {
        let best = search(allowed)
        pending = nil
        let total = shrunk(totalGradient)
        let parent = total * total / (totalHessian + l2)
        guard Double(best.gain) > parent * (1 + 1e-6) + max(least, 1e-12) else { return nil }
        let split = Int(best.split)
        let gradient = Double(leftGradients[split])
        let hessian = Double(leftHessians[split])
        let other = totalGradient - gradient
        let left = -rate * shrunk(gradient) / (hessian + l2)
        let right = -rate * shrunk(other) / (totalHessian - hessian + l2)
        return Stump(
            split: split, left: left, right: right,
            fall: -(gradient * left + other * right)
                - 0.5 * (hessian * left * left + (totalHessian - hessian) * right * right))
    }

    /// Adds a stump to the model; the next search takes it into account.
    package mutating func take(_ stump: Stump) {
        let difference = stump.left - stump.right
        pending = (stump.split, stump.right, difference)
        totalGradient += stump.right * totalHessian + difference * Double(sharedHessians[stump.split])
    }

    private func shrunk(_ gradient: Double) -> Double {
        l1 == 0 ? gradient : gradient > l1 ? gradient - l1 : gradient < -l1 ? gradient + l1 : 0
    }

    private mutating func search(_ allowed: [Float]?) -> limpet_best_split {
        guard let pending else { return search(nil, right: 0, difference: 0, allowed) }
        return search(
            gram.row(pending.split), right: pending.right, difference: pending.difference, allowed)
    }

    private mutating func search(
        _ row: ArraySlice<Float>?, right: Double, difference: Double, _ allowed: [Float]?
    ) -> limpet_best_split {
        guard let row else {
            return unsafe call(nil, Float(right), Float(difference), allowed)
        }
        return unsafe row.withUnsafeBufferPointer {
            unsafe call($0.baseAddress, Float(right), Float(difference), allowed)
        }
    }

    private mutating func call(
        _ row: UnsafePointer<Float>?, _ right: Float, _ difference: Float, _ allowed: [Float]?
    ) -> limpet_best_split {
        let count = Int64(gram.stride)
        let (hessians, inverseLeft, inverseRight) = (sharedHessians, inverseLeft, inverseRight)
        let (total, l1) = (Float(totalGradient), Float(l1))
        let isConstrained = l1 > 0 || directions != nil || allowed != nil
        let free = isConstrained ? [Float](repeating: 0, count: directions == nil ? gram.stride : 0) : []
        let open = isConstrained ? [Float](repeating: 1, count: allowed == nil ? gram.stride : 0) : []
        let (directions, allowed) = (directions ?? free, allowed ?? open)
        precondition(!isConstrained || (directions.count == gram.stride && allowed.count == gram.stride))
        return unsafe leftGradients.withUnsafeMutableBufferPointer { left in
            unsafe hessians.withUnsafeBufferPointer { hessians in
                unsafe inverseLeft.withUnsafeBufferPointer { inverseLeft in
                    unsafe inverseRight.withUnsafeBufferPointer { inverseRight in
                        guard isConstrained else {
                            return unsafe limpet_boost(
                                count, left.baseAddress, hessians.baseAddress, row, right, difference,
                                inverseLeft.baseAddress, inverseRight.baseAddress, total)
                        }
                        return unsafe directions.withUnsafeBufferPointer { directions in
                            unsafe allowed.withUnsafeBufferPointer { allowed in
                                unsafe limpet_boost_constrained(
                                    count, left.baseAddress, hessians.baseAddress, row, right, difference,
                                    inverseLeft.baseAddress, inverseRight.baseAddress, total, l1,
                                    directions.baseAddress, allowed.baseAddress)
                            }
                        }
                    }
                }
            }
        }
    }
}
