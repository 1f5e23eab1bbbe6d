/// The gradient and the Hessian of each row as two halves of one number, so that one addition sums both.
package struct PackedDerivatives: Sendable {
    /// The gradient in the upper half, the Hessian in the lower one, which is not negative.
    package private(set) var packed: [Int64]
    /// The value of a fixed-point derivative of 1.
    package let unit: Double
    /// The number of rows whose sums fit into a half.
    private(set) var rowsPerSum: Int

    /// A derivative of 1 as a fixed-point number: finer ones would be summed over fewer rows at once, and the
    /// errors of rounding are far below what the rows themselves leave unknown.
    package static let one = 1 << 18

    /// The summed derivatives of some rows, as fixed-point numbers.
    package struct Sum: Hashable, Sendable {
        package private(set) var gradient: Int64 = 0
        package private(set) var hessian: Int64 = 0

        mutating func add(_ packed: Int64) {
            let low = packed & 0xffff_ffff
            hessian += low
            gradient += (packed &- low) >> 32
        }
    }

    /// Packs fixed-point derivatives; no Hessian is negative.
    package init(gradients: [Int32], hessians: [Int32]) {
        precondition(gradients.count == hessians.count && (hessians.min() ?? 0) >= 0)
        unit = 1
        packed = zip(gradients, hessians).map { Int64($0) << 32 &+ Int64($1) }
        let most = max(Int(gradients.max() ?? 0), -Int(gradients.min() ?? 0), Int(hessians.max() ?? 0), 1)
        rowsPerSum = max(1, Int(Int32.max) / most)
    }

    /// Makes zeros for rows whose weights are at most `most`.
    ///
    /// - Parameter unit: the value of a fixed-point derivative of 1.
    package init(count: Int, unit: Double, most: Float) {
        packed = [Int64](repeating: 0, count: count)
        self.unit = unit
        rowsPerSum = max(1, Int(Double(Int32.max) * unit / Double(max(1e-30, most))))
    }

    /// Computes the derivatives of the log loss at the rows' scores, times their weights; of nil they are
    /// ones.
    package mutating func update(scores: [Float], labels: [UInt8], weights: [Float]?) {
        PairKernels.derive(scores, labels, weights, scale: Float(1 / unit), into: &packed)
    }

    /// Returns derivatives that are 0 where a flag has another value.
    package func masked(_ flags: [UInt8], _ value: UInt8) -> PackedDerivatives {
        precondition(flags.count == packed.count)
        var masked = self
        masked.packed = zip(packed, flags).map { $1 == value ? $0 : 0 }
        return masked
    }
}
