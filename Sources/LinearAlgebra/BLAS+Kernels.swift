import CKernels

/// The C kernels of logistic regression.
extension BLAS {
    static func toSingle(_ source: ArraySlice<Double>, _ target: inout [Float], start: Int = 0) {
        precondition(start >= 0 && target.count >= start + source.count)
        unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe source.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress, let out = target.baseAddress else { return }
                unsafe limpet_to_single(Int64(source.count), base, out + start)
            }
        }
    }

    static func toDouble(_ source: ArraySlice<Float>, _ target: inout [Double]) {
        precondition(target.count >= source.count)
        unsafe source.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe limpet_to_double(Int64(source.count), base, &target)
        }
    }

    /// `scaled = diag(f) X` for a block, column-major.
    static func scaleRows(rows: Int, x: ArraySlice<Double>, factors: [Double], to scaled: inout [Double]) {
        let columns = rows > 0 ? x.count / rows : 0
        precondition(scaled.count >= rows * columns && factors.count >= rows)
        unsafe x.withUnsafeBufferPointer { x in
            guard let x = x.baseAddress else { return }
            unsafe limpet_scale_rows(Int64(rows), Int64(columns), x, factors, &scaled)
        }
    }

    /// Replaces one point's log-odds by the residuals `w(p − y)`, in `values` from index `start` on.
    ///
    /// - Returns: the sum of losses.
    static func logisticLosses(
        labels: [Double], weights: [Double]?, values: inout [Double], start: Int,
        curvatureRoots: inout [Double]
    ) -> Double {
        let rows = labels.count
        precondition(start >= 0 && values.count >= start + rows && (weights?.count ?? rows) == rows)
        precondition(curvatureRoots.isEmpty || curvatureRoots.count >= rows)
        return unsafe values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return 0 }
            return unsafe curvatureRoots.withUnsafeMutableBufferPointer { roots in
                let roots = roots.isEmpty ? nil : roots.baseAddress
                if let weights {
                    return unsafe limpet_logistic_losses(Int64(rows), labels, weights, base + start, roots)
                }
                return unsafe limpet_logistic_losses(Int64(rows), labels, nil, base + start, roots)
            }
        }
    }

    /// The signed logarithm of each number; see ``SignedLog``.
    static func signedLog(_ x: [Double]) -> [Double] {
        unsafe [Double](unsafeUninitializedCapacity: x.count) { buffer, count in
            if let base = buffer.baseAddress { unsafe limpet_signed_log(Int64(x.count), x, base) }
            count = x.count
        }
    }

    /// Appends the standardised numbers of the given rows; see ``Standardiser``.
    static func appendStandardised(
        _ x: [Double], rows: [Int], mean: Double, factor: Double, takesLog: Bool, to values: inout [Double]
    ) {
        let start = values.count
        values.append(contentsOf: repeatElement(0, count: rows.count))
        unsafe values.withUnsafeMutableBufferPointer { target in
            guard let out = unsafe target.baseAddress.map({ unsafe $0 + start }) else { return }
            unsafe withNumbers(x, at: rows) { source, places in
                unsafe limpet_standardise(
                    Int64(rows.count), source, places, mean, factor, takesLog ? 1 : 0, out)
            }
        }
    }

    /// Writes the standardised numbers of the given rows, rounded to 32 bits; see ``Standardiser``.
    static func writeStandardised(
        _ x: [Double], rows: [Int], mean: Double, factor: Double, takesLog: Bool, to values: inout [Float],
        at start: Int
    ) {
        precondition(start >= 0 && values.count - start >= rows.count)
        unsafe values.withUnsafeMutableBufferPointer { target in
            guard let out = unsafe target.baseAddress.map({ unsafe $0 + start }) else { return }
            unsafe withNumbers(x, at: rows) { source, places in
                unsafe limpet_standardise_single(
                    Int64(rows.count), source, places, mean, factor, takesLog ? 1 : 0, out)
            }
        }
    }

    /// Calls `body` with the numbers of ascending rows: with a pointer to the first and no indices where the
    /// rows are consecutive, and with all numbers and the indices otherwise.
    private static func withNumbers(
        _ x: [Double], at rows: [Int], _ body: (UnsafePointer<Double>, UnsafePointer<Int64>?) -> Void
    ) {
        guard let first = rows.first, let last = rows.last else { return }
        let isRun = last - first == rows.count - 1
        precondition(first >= 0 && last < x.count)
        assert(!isRun || rows.elementsEqual(first...last), "rows ascend")
        precondition(isRun || rows.allSatisfy { x.indices.contains($0) })
        unsafe x.withUnsafeBufferPointer { source in
            guard let from = source.baseAddress else { return }
            guard !isRun else {
                unsafe body(from + first, nil)
                return
            }
            unsafe rows.withUnsafeBufferPointer { places in
                guard let place = places.baseAddress else { return }
                // `Int` has 64 bits on every platform that Limpet supports.
                unsafe place.withMemoryRebound(to: Int64.self, capacity: rows.count) { place in
                    unsafe body(from, place)
                }
            }
        }
    }

    /// `Σ (x − shift)` and `Σ (x − shift)²`.
    static func sums(_ x: [Double], shift: Double) -> (first: Double, second: Double) {
        var sums = [0.0, 0]
        unsafe limpet_sums(Int64(x.count), x, shift, &sums)
        return (sums[0], sums[1])
    }

    /// Minimises a penalised quadratic in place; see ``CoordinateDescent``. Both triangles of the Hessian are
    /// read.
    static func coordinateDescent(
        _ hessian: Matrix, gradient: inout [Double], point: inout [Double], penalty: SeparablePenalty,
        tolerance: Double, sweepLimit: Int
    ) -> Int {
        let dimension = point.count
        precondition(hessian.rows == dimension && hessian.columns == dimension && gradient.count == dimension)
        precondition(penalty.count == dimension)
        return unsafe Int(
            limpet_coordinate_descent(
                Int64(dimension), hessian.elements, &gradient, &point, penalty.l1, penalty.l2, penalty.lower,
                penalty.upper, tolerance, Int64(sweepLimit)))
    }
}
