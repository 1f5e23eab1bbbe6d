import CKernels

/// A quadratic model of one lane's loss around its current scores, which boosts stumps at a cost that depends
/// on the number of sets of rows alone.
///
/// Its sums over the lane's rows are exact; from the rows that the correlations were summed on it takes only
/// how two sets overlap.
package struct LaneModel: Sendable {
    private let correlations: SetCorrelations
    private var numbers: LaneNumbers
    private let order: [Int32]
    private var totalGradient: Double
    private let totalHessian: Double
    private let penalty: Penalty

    /// The penalties and the factor of steps.
    package struct Penalty: Sendable {
        /// The L1 penalty on a step.
        package var l1: Double
        /// The L2 penalty on a step, in units of the Hessian.
        package var l2: Double
        /// The factor by which steps are scaled.
        package var rate: Double

        package init(l1: Double, l2: Double, rate: Double) {
            (self.l1, self.l2, self.rate) = (l1, l2, rate)
        }
    }

    /// The sums of one input over a lane's rows, by bin.
    package struct Sums: Sendable {
        package var gradients: [Double]
        package var hessians: [Double]
        package var users: [Double]
        /// False for inputs that the lane may not split.
        package var isAllowed: Bool

        package init(
            gradients: [Double], hessians: [Double], users: [Double], isAllowed: Bool = true
        ) {
            (self.gradients, self.hessians, self.users) = (gradients, hessians, users)
            self.isAllowed = isAllowed
        }
    }

    /// The least sums on either side of a split.
    package struct Least: Sendable {
        package var users: Double
        package var hessian: Double

        package init(users: Double, hessian: Double) {
            (self.users, self.hessian) = (users, hessian)
        }
    }

    /// A stump: a step of one input.
    package struct Stump: Hashable, Sendable {
        /// The input's number among those of the sets.
        package var feature: Int
        /// The number of bins on the left; of levels, in the lane's order.
        package var position: Int
        /// True when missing values are on the left too.
        package var isMissingLeft: Bool
        /// The value added to the scores of rows on the left.
        package var left: Double
        /// The value added to the scores of all other rows.
        package var right: Double
        /// The decrease of the model's loss.
        package var fall: Double
    }

    /// Makes the model at a lane's current scores.
    ///
    /// - Parameters:
    ///   - sums: of each input, by bin.
    ///   - directions: 1 for inputs whose steps may only rise, −1 for those that may only fall, by feature.
    package init(
        _ correlations: SetCorrelations, sums: [Sums], least: Least, penalty: Penalty,
        directions: [Int: Int] = [:]
    ) {
        let sets = correlations.sets
        precondition(sums.count == sets.axes.count)
        self.correlations = correlations
        self.penalty = penalty
        totalGradient = sums.first?.gradients.reduce(0, +) ?? 0
        totalHessian = sums.first?.hessians.reduce(0, +) ?? 0
        let totalUsers = sums.first?.users.reduce(0, +) ?? 0
        var numbers = LaneNumbers(sets)
        var order = [Int32](repeating: 0, count: sets.stride)
        let rule = SplitRule(least: least, l2: penalty.l2, hessian: totalHessian, users: totalUsers)
        isConstrained = penalty.l1 > 0 || !directions.isEmpty
        for (index, axis) in sets.axes.enumerated() {
            let sums = sums[index]
            numbers.describe(
                axis, first: sets.offsets[index], sums, total: totalHessian, variances: correlations.variances
            )
            guard sums.isAllowed else { continue }
            if axis.isLevels {
                let places = Self.order(sums)
                for (place, set) in places.enumerated() {
                    order[sets.offsets[index] + place] = Int32(sets.offsets[index] + set)
                }
                numbers.allowLevels(sums, places, first: sets.spareOffsets[index], by: rule)
            } else {
                numbers.allowNumbers(
                    axis, sums, first: sets.offsets[index], spare: sets.spareOffsets[index], by: rule)
            }
            numbers.constrain(
                axis, first: sets.offsets[index], spare: sets.spareOffsets[index],
                direction: directions[index] ?? 0)
        }
        self.numbers = numbers
        self.order = order
    }

    private var isConstrained: Bool

    /// Returns levels in the order of gradient over Hessian, which contains the best split into two groups
    /// (W. Fisher, 1958).
    private static func order(_ sums: Sums) -> [Int] {
        let ratios = zip(sums.gradients, sums.hessians).map { $1 > 0 ? $0 / $1 : 0 }
        return ratios.indices.sorted { (ratios[$1], $0) < (ratios[$0], $1) }
    }

    /// The bins of an input with levels in the lane's order, of which a stump's left side holds the first
    /// ones.
    package func levels(of feature: Int) -> [Int] {
        let first = correlations.sets.offsets[feature]
        return (0..<correlations.sets.axes[feature].bins).map { Int(order[first + $0]) - first }
    }

    /// Allows only some inputs to be split from now on.
    package mutating func allow(_ isAllowed: (Int) -> Bool) {
        isConstrained = true
        let sets = correlations.sets
        for (index, axis) in sets.axes.enumerated() {
            numbers.allow(
                axis, first: sets.offsets[index], spare: sets.spareOffsets[index], isAllowed(index) ? 1 : 0)
        }
    }

    /// Returns the best stump; nil when none lowers the model's loss.
    package mutating func search() -> Stump? {
        var stump = limpet_lane_stump()
        let isFound = withModel { model, _ in
            unsafe limpet_lane_search(model, &stump) != 0
        }
        guard isFound else { return nil }
        return Stump(
            feature: Int(stump.feature), position: Int(stump.position),
            isMissingLeft: stump.missing_left != 0, left: stump.left, right: stump.right, fall: stump.fall)
    }

    /// Adds a stump to the model; the next search takes it into account.
    package mutating func take(_ stump: Stump) {
        let axis = correlations.sets.axes[stump.feature]
        precondition(
            stump.position >= 0 && stump.position < axis.bins && (stump.position > 0 || stump.isMissingLeft))
        var taken = limpet_lane_stump(
            feature: Int32(stump.feature), position: Int32(stump.position),
            missing_left: stump.isMissingLeft ? 1 : 0, left: stump.left, right: stump.right, fall: stump.fall)
        totalGradient = withModel { model, space in
            unsafe limpet_lane_take(model, &taken, space)
            return unsafe model.pointee.total_gradient
        }
    }

    private mutating func withModel<Result>(
        _ body: (UnsafeMutablePointer<limpet_lane_model>, UnsafeMutablePointer<Float>) -> Result
    ) -> Result {
        let (correlations, order, penalty) = (correlations, order, penalty)
        let (isConstrained, gradient, hessian) = (isConstrained, totalGradient, totalHessian)
        let places = numbers.places
        return unsafe numbers.all.withUnsafeMutableBufferPointer { all in
            unsafe correlations.elements.withUnsafeBufferPointer { elements in
                unsafe correlations.sets.features.withUnsafeBufferPointer { features in
                    unsafe order.withUnsafeBufferPointer { order in
                        guard let base = all.baseAddress else { preconditionFailure("a model has numbers") }
                        func sets(_ kind: LaneNumbers.OfSets) -> UnsafeMutablePointer<Float> {
                            unsafe base + places.start(kind)
                        }
                        func spares(_ kind: LaneNumbers.OfSpares) -> UnsafeMutablePointer<Float> {
                            unsafe base + places.spareStart(kind)
                        }
                        var model = unsafe limpet_lane_model(
                            sets: Int64(correlations.sets.stride), features: features.baseAddress,
                            feature_count: Int32(features.count), correlations: elements.baseAddress,
                            order: order.baseAddress, gradients: sets(.gradient), hessians: sets(.hessian),
                            deviations: sets(.deviation), inverse_left: sets(.inverseLeft),
                            inverse_right: sets(.inverseRight), spare_inverse_left: spares(.inverseLeft),
                            spare_inverse_right: spares(.inverseRight),
                            directions: isConstrained ? sets(.direction) : nil,
                            allowed: isConstrained ? sets(.allowed) : nil,
                            spare_directions: isConstrained ? spares(.direction) : nil,
                            spare_allowed: isConstrained ? spares(.allowed) : nil, total_gradient: gradient,
                            total_hessian: hessian, l1: penalty.l1, l2: penalty.l2, rate: penalty.rate)
                        return unsafe body(&model, sets(.space))
                    }
                }
            }
        }
    }
}
