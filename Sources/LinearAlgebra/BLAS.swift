import COpenBLAS

/// The calls of BLAS, LAPACK and the C kernels of logistic regression.
///
/// BLAS runs with one thread, so that the order of additions is fixed and no result depends on the machine's
/// number of cores. Callers bring their own threads.
enum BLAS {
    /// Evaluated once, before the first call.
    static let isSingleThreaded: Bool = {
        limpet_choose_kernels()
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
}
