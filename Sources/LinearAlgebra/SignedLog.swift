/// The signed logarithm of many numbers at once, for design matrices: within a unit or two in the last place,
/// and much faster than one by one.
public enum SignedLog {
    /// `sign(x)·log(1 + |x|)` of each number; NaN stays NaN.
    public static func of(_ numbers: [Double]) -> [Double] {
        BLAS.signedLog(numbers)
    }
}
