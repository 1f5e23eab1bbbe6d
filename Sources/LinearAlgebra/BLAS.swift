import CKernels
import COpenBLAS

/// The calls of BLAS, LAPACK and the C kernels of logistic regression.
///
/// BLAS runs with one thread, so that the order of additions is fixed and no result depends on the machine's
/// number of cores. Callers bring their own threads.
enum BLAS {
    /// Evaluated once, before the first call.
    private static let isSingleThreaded: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// `c += x'x` for the rows of `x`; only the lower triangle of `c` is written.
    static func addGram(of x: Matrix, rows: Int, to c: inout Matrix) {
        precondition(isSingleThreaded && c.rows == x.columns && c.columns == x.columns && rows <= x.rows)
        unsafe x.elements.withUnsafeBufferPointer { source in
            unsafe c.elements.withUnsafeMutableBufferPointer { target in
                unsafe cblas_dsyrk(
                    CblasRowMajor, CblasLower, CblasTrans, Int32(x.columns), Int32(rows), 1,
                    source.baseAddress, Int32(x.columns), 1, target.baseAddress, Int32(x.columns))
            }
        }
    }

    /// `y += x'v` for the rows of `x`.
    static func addTransposedProduct(of x: Matrix, rows: Int, _ v: [Double], to y: inout [Double]) {
        precondition(isSingleThreaded && v.count >= rows && y.count == x.columns && rows <= x.rows)
        unsafe x.elements.withUnsafeBufferPointer { matrix in
            unsafe v.withUnsafeBufferPointer { vector in
                unsafe y.withUnsafeMutableBufferPointer { result in
                    unsafe cblas_dgemv(
                        CblasRowMajor, CblasTrans, Int32(rows), Int32(x.columns), 1, matrix.baseAddress,
                        Int32(x.columns), vector.baseAddress, 1, 1, result.baseAddress, 1)
                }
            }
        }
    }

    /// `x·b` for the rows of `x`.
    static func product(of x: Matrix, rows: Int, _ b: [Double]) -> [Double] {
        precondition(isSingleThreaded && b.count == x.columns && rows <= x.rows)
        var result = [Double](repeating: 0, count: rows)
        unsafe x.elements.withUnsafeBufferPointer { matrix in
            unsafe b.withUnsafeBufferPointer { vector in
                unsafe result.withUnsafeMutableBufferPointer { result in
                    unsafe cblas_dgemv(
                        CblasRowMajor, CblasNoTrans, Int32(rows), Int32(x.columns), 1, matrix.baseAddress,
                        Int32(x.columns), vector.baseAddress, 1, 0, result.baseAddress, 1)
                }
            }
        }
        return result
    }

    /// Factorises in place. LAPACK is column-major, so its upper triangle is our lower one.
    ///
    /// - Returns: 0, or the order of the leading minor that is not positive.
    static func choleskyFactorise(_ a: inout Matrix) -> Int {
        precondition(isSingleThreaded && a.rows == a.columns)
        var n = Int32(a.rows)
        var lda = Int32(max(1, a.rows))
        var info: Int32 = 0
        unsafe a.elements.withUnsafeMutableBufferPointer {
            unsafe dpotrf_("U", &n, $0.baseAddress, &lda, &info, 1)
        }
        return Int(info)
    }

    /// Solves `A x = b` in place, given the factor of `A`.
    static func choleskySolve(_ factor: Matrix, _ b: inout [Double]) {
        precondition(isSingleThreaded && factor.rows == b.count)
        var n = Int32(factor.rows)
        var lda = Int32(max(1, factor.rows))
        var one: Int32 = 1
        var info: Int32 = 0
        unsafe factor.elements.withUnsafeBufferPointer { matrix in
            unsafe b.withUnsafeMutableBufferPointer {
                unsafe dpotrs_("U", &n, &one, matrix.baseAddress, &lda, $0.baseAddress, &lda, &info, 1)
            }
        }
    }

    /// Computes the inverse from the factor, in place; only the lower triangle is written.
    static func choleskyInvert(_ factor: inout Matrix) {
        var n = Int32(factor.rows)
        var lda = Int32(max(1, factor.rows))
        var info: Int32 = 0
        precondition(isSingleThreaded)
        unsafe factor.elements.withUnsafeMutableBufferPointer {
            unsafe dpotri_("U", &n, $0.baseAddress, &lda, &info, 1)
        }
    }

    // MARK: Blocks of rows, column-major

    /// `scores = X B`, or `scores += X B`, for a block of rows: `x` is `[columns][rows]`, `b` is
    /// `[points][columns]` and `scores` is `[points][rows]`.
    static func scores(
        rows: Int, columns: Int, points: Int, x: ArraySlice<Double>, b: [Double], adds: Bool,
        to scores: inout [Double]
    ) {
        precondition(isSingleThreaded && x.count >= rows * columns && b.count >= columns * points)
        precondition(scores.count >= rows * points)
        let (m, k, n) = (Int32(rows), Int32(columns), Int32(points))
        guard m > 0, k > 0, n > 0 else { return }
        unsafe x.withUnsafeBufferPointer { x in
            let x = x.baseAddress
            if n == 1 {
                unsafe cblas_dgemv(
                    CblasColMajor, CblasNoTrans, m, k, 1, x, m, b, 1, adds ? 1 : 0, &scores, 1)
            } else {
                unsafe cblas_dgemm(
                    CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, x, m, b, k, adds ? 1 : 0, &scores,
                    m)
            }
        }
    }

    /// `gradients += X'R`, with `residuals` as `[points][rows]` and `gradients` as `[points][columns]` from
    /// index `start` on.
    static func addGradients(
        rows: Int, columns: Int, points: Int, x: ArraySlice<Double>, residuals: [Double],
        to gradients: inout [Double], start: Int
    ) {
        precondition(isSingleThreaded && x.count >= rows * columns && residuals.count >= rows * points)
        precondition(start >= 0 && gradients.count >= start + columns * points)
        let (m, k, n) = (Int32(rows), Int32(columns), Int32(points))
        guard m > 0, k > 0, n > 0 else { return }
        unsafe gradients.withUnsafeMutableBufferPointer { sums in
            guard let target = unsafe sums.baseAddress.map({ unsafe $0 + start }) else { return }
            unsafe x.withUnsafeBufferPointer { x in
                let x = x.baseAddress
                if n == 1 {
                    unsafe cblas_dgemv(CblasColMajor, CblasTrans, m, k, 1, x, m, residuals, 1, 1, target, 1)
                } else {
                    unsafe cblas_dgemm(
                        CblasColMajor, CblasTrans, CblasNoTrans, k, n, m, 1, x, m, residuals, m, 1, target, k)
                }
            }
        }
    }

    /// `scores = X B` in 32 bits, with the shapes of the version in 64 bits.
    static func scores(
        rows: Int, columns: Int, points: Int, x: ArraySlice<Float>, b: [Float], to scores: inout [Float]
    ) {
        precondition(isSingleThreaded && x.count >= rows * columns && b.count >= columns * points)
        precondition(scores.count >= rows * points)
        let (m, k, n) = (Int32(rows), Int32(columns), Int32(points))
        guard m > 0, k > 0, n > 0 else { return }
        unsafe x.withUnsafeBufferPointer { x in
            unsafe cblas_sgemm(
                CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, x.baseAddress, m, b, k, 0, &scores, m)
        }
    }

    /// `gradients = X'R` in 32 bits, with the shapes of
    /// ``addGradients(rows:columns:points:x:residuals:to:start:)``.
    static func gradients(
        rows: Int, columns: Int, points: Int, x: ArraySlice<Float>, residuals: [Float],
        to gradients: inout [Float]
    ) {
        precondition(isSingleThreaded && x.count >= rows * columns && residuals.count >= rows * points)
        precondition(gradients.count >= columns * points)
        let (m, k, n) = (Int32(rows), Int32(columns), Int32(points))
        guard m > 0, k > 0, n > 0 else { return }
        unsafe x.withUnsafeBufferPointer { x in
            unsafe cblas_sgemm(
                CblasColMajor, CblasTrans, CblasNoTrans, k, n, m, 1, x.baseAddress, m, residuals, m, 0,
                &gradients, k)
        }
    }

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

    /// `gram += (diag(f) X)'(diag(f) X)`, the lower triangle only; `scratch` is at least as large as the
    /// block.
    static func addGram(
        rows: Int, x: ArraySlice<Double>, factors: [Double], scratch: inout [Double], to gram: inout Matrix
    ) {
        let columns = gram.columns
        precondition(isSingleThreaded && gram.rows == columns && x.count >= rows * columns)
        guard rows > 0, columns > 0 else { return }
        scaleRows(rows: rows, x: x, factors: factors, to: &scratch)
        // Our row-major lower triangle is the column-major upper one.
        unsafe cblas_dsyrk(
            CblasColMajor, CblasUpper, CblasTrans, Int32(columns), Int32(rows), 1, scratch, Int32(rows), 1,
            &gram.elements, Int32(columns))
    }

    /// The lower triangle of `X'X` in 32 bits, row-major.
    static func gram(rows: Int, columns: Int, x: [Float], to gram: inout [Float]) {
        precondition(isSingleThreaded && x.count >= rows * columns && gram.count >= columns * columns)
        guard rows > 0, columns > 0 else { return }
        unsafe cblas_ssyrk(
            CblasColMajor, CblasUpper, CblasTrans, Int32(columns), Int32(rows), 1, x, Int32(rows), 0, &gram,
            Int32(columns))
    }

    // MARK: Kernels

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
