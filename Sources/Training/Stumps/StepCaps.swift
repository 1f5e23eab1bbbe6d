import LimpetLinearAlgebra

/// The limits on the height of step functions, with the current values of the limited inputs.
struct StepCaps: Sendable {
    private let caps: [Int: Double]
    private var values: [Int: [Double]] = [:]
    private var full: Set<Int> = []

    init(_ caps: [Int: Double], values: [[Double]]) {
        self.caps = caps
        for input in caps.keys where input < values.count { self.values[input] = values[input] }
    }

    /// True when an input has reached its cap.
    var hasFull: Bool { !full.isEmpty }

    func isFull(_ input: Int) -> Bool { full.contains(input) }

    /// Returns the step, or the fraction of it that the cap allows.
    func limited(_ step: [Double], of input: Int) -> [Double] {
        guard let cap = caps[input], let values = values[input] else { return step }
        let factor = Self.factor(values, step, cap: cap)
        return factor == 1 ? step : step.map { $0 * factor }
    }

    /// Shortens a stump to what the cap allows, and adds it to the current values.
    mutating func limit(_ stump: inout SplitModel.Stump, in space: SplitSpace) {
        let feature = space.feature(of: stump.split)
        guard let cap = caps[feature.input], let values = values[feature.input] else { return }
        let side = feature.axis.side(stump.split - feature.firstSplit)
        let step = values.indices.map { bin -> Double in
            let group = Int(feature.groupOfBin[bin])
            let isLeft = group < feature.axis.valueBins ? group < side.bins : side.missing
            return isLeft ? stump.left : stump.right
        }
        let factor = Self.factor(values, step, cap: cap)
        if factor < 1 {
            stump.left *= factor
            stump.right *= factor
            stump.fall *= factor
            full.insert(feature.input)
        }
        self.values[feature.input] = zip(values, step).map { $0 + $1 * factor }
    }

    /// Returns the largest factor of a step, up to 1, after which values still span at most the cap.
    private static func factor(_ values: [Double], _ step: [Double], cap: Double) -> Double {
        func span(_ factor: Double) -> Double {
            let moved = zip(values, step).map { $0 + factor * $1 }
            return (moved.max() ?? 0) - (moved.min() ?? 0)
        }
        guard span(1) > cap else { return 1 }
        // The span is a convex function of the factor, so the allowed factors form an interval from 0.
        var (fits, exceeds) = (0.0, 1.0)
        for _ in 0..<40 {
            let middle = (fits + exceeds) / 2
            if span(middle) <= cap { fits = middle } else { exceeds = middle }
        }
        return fits
    }
}
