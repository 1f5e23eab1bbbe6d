internal import CScoring
package import LimpetNumerics

/// Functions of many numbers at once, by the kernels of scoring, which give the same bits.
extension ElementaryFunctions {
    /// Replaces log-odds by their probabilities; see ``ElementaryFunctions/logistic(_:)``.
    package static func replaceByLogistic(_ numbers: inout MutableSpan<Double>) {
        unsafe numbers.withUnsafeMutableBufferPointer { numbers in
            guard let first = numbers.baseAddress else { return }
            unsafe limpet_logistic(Int64(numbers.count), first, first)
        }
    }

    /// Replaces numbers by their natural logarithms; see ``ElementaryFunctions/log(_:)``.
    package static func replaceByLog(_ numbers: inout MutableSpan<Double>) {
        unsafe numbers.withUnsafeMutableBufferPointer { numbers in
            guard let first = numbers.baseAddress else { return }
            unsafe limpet_log(Int64(numbers.count), first, first)
        }
    }
}
