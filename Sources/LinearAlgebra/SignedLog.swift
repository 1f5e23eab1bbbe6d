/// The signed logarithm of arrays of numbers, for design matrices: within one or two units in the last place,
/// and much faster than calls for single numbers.
public enum SignedLog {
    /// Returns `sign(x)·log(1 + |x|)` of each number; NaN stays NaN.
    public static func of(_ numbers: [Double]) -> [Double] {
        BLAS.signedLog(numbers)
    }
}
