/// Memory of one lane's numbers in one piece, so that they are one pointer to C.
struct LaneNumbers: Sendable {
    /// Where each kind of numbers begins. It is apart from the numbers, so that who holds it while they
    /// change holds no second reference to them, which would copy them all.
    let places: Places
    var all: [Float]

    struct Places: Sendable {
        let sets: Int
        let spares: Int

        func start(_ kind: OfSets) -> Int { kind.rawValue * sets }
        func spareStart(_ kind: OfSpares) -> Int { 8 * sets + kind.rawValue * spares }
    }

    /// The kinds of numbers of sets, and of spare splits, in the order in which they lie.
    enum OfSets: Int {
        case gradient, hessian, deviation, inverseLeft, inverseRight, direction, allowed, space
    }
    enum OfSpares: Int { case inverseLeft, inverseRight, direction, allowed }

    init(_ sets: RowSets) {
        // Vectors may reach past the last set.
        places = Places(sets: sets.stride + 16, spares: sets.spareStride + 16)
        all = [Float](repeating: 0, count: 8 * places.sets + 4 * places.spares)
    }

    private func start(_ kind: OfSets) -> Int { places.start(kind) }
    private func spareStart(_ kind: OfSpares) -> Int { places.spareStart(kind) }
}

/// The rule by which a split is allowed, and what its gain is divided by.
struct SplitRule {
    let least: LaneModel.Least
    let l2: Double
    let hessian: Double
    let users: Double

    /// Returns `1 / (h + λ)` of both sides; zeros where the split is not allowed.
    func inverses(hessian left: Double, users leftUsers: Double) -> (left: Float, right: Float) {
        let right = hessian - left
        guard LeastUsers(least.users).areMet(left: leftUsers, right: users - leftUsers),
            left >= least.hessian, right >= least.hessian
        else { return (0, 0) }
        return (Float(1 / (left + l2)), Float(1 / (max(0, right) + l2)))
    }
}

extension LaneNumbers {
    /// Writes gradients, Hessians and their deviations.
    mutating func describe(
        _ axis: RowSets.Axis, first: Int, _ sums: LaneModel.Sums, total: Double, variances: [Double]
    ) {
        let (gradients, hessians) = (axis.sums(sums.gradients), axis.sums(sums.hessians))
        for set in 0..<axis.sets {
            all[start(.gradient) + first + set] = Float(gradients[set])
            all[start(.hessian) + first + set] = Float(hessians[set])
            // Correlations of a set that the sample hardly holds are noise.
            let variance = hessians[set] * max(0, 1 - hessians[set] / max(total, .leastNormalMagnitude))
            let most = 100 * variances[first + set] * total
            all[start(.deviation) + first + set] = Float(min(variance, most).squareRoot())
        }
    }

    mutating func allowNumbers(
        _ axis: RowSets.Axis, _ sums: LaneModel.Sums, first: Int, spare: Int, by rule: SplitRule
    ) {
        let (hessians, users) = (axis.sums(sums.hessians), axis.sums(sums.users))
        for set in 0..<axis.sets {
            let inverses = rule.inverses(hessian: hessians[set], users: users[set])
            all[start(.inverseLeft) + first + set] = inverses.left
            all[start(.inverseRight) + first + set] = inverses.right
        }
        guard axis.hasMissing else { return }
        let (hessian, user) = (hessians[axis.prefixes], users[axis.prefixes])
        for set in 0..<axis.prefixes {
            let inverses = rule.inverses(hessian: hessians[set] + hessian, users: users[set] + user)
            all[spareStart(.inverseLeft) + spare + set] = inverses.left
            all[spareStart(.inverseRight) + spare + set] = inverses.right
        }
    }

    mutating func allowLevels(
        _ sums: LaneModel.Sums, _ order: [Int], first: Int, by rule: SplitRule
    ) {
        var (hessian, users) = (0.0, 0.0)
        for (place, level) in order.dropLast().enumerated() {
            hessian += sums.hessians[level]
            users += sums.users[level]
            let inverses = rule.inverses(hessian: hessian, users: users)
            all[spareStart(.inverseLeft) + first + place] = inverses.left
            all[spareStart(.inverseRight) + first + place] = inverses.right
        }
    }

    mutating func constrain(_ axis: RowSets.Axis, first: Int, spare: Int, direction: Int) {
        for set in 0..<axis.sets {
            // The set of missing rows has no place in the order of values.
            let isOrdered = set < axis.prefixes
            all[start(.direction) + first + set] = isOrdered ? Float(direction) : 0
        }
        for set in 0..<axis.prefixes where axis.hasMissing {
            all[spareStart(.direction) + spare + set] = Float(direction)
        }
        allow(axis, first: first, spare: spare, 1)
    }

    mutating func allow(_ axis: RowSets.Axis, first: Int, spare: Int, _ value: Float) {
        for set in 0..<axis.sets { all[start(.allowed) + first + set] = value }
        let spares = axis.isLevels ? axis.bins : axis.hasMissing ? axis.prefixes : 0
        for set in 0..<spares { all[spareStart(.allowed) + spare + set] = value }
    }
}
