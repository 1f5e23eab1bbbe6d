import COpenBLAS

/// Products of blocks of rows, column-major.
extension BLAS {
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
}
