package import LimpetNumerics

/// The amounts of a property that had more decimals than its column, and were rounded.
package struct RoundedAmounts: Hashable, Sendable {
    /// The first of them, as it was written.
    package private(set) var example: String?
    /// The number of decimals of the finest amount.
    package private(set) var decimals = 0

    package init() {}

    /// Notes an amount, if a column of fewer decimals rounds it.
    @inline(__always)
    package mutating func note(
        _ amount: ExactDecimal, in columnDecimals: Int, _ text: @autoclosure () -> String
    ) {
        guard amount.scale > columnDecimals else { return }
        let needed = amount.decimals
        guard needed > columnDecimals else { return }
        if example == nil { example = text() }
        decimals = max(decimals, needed)
    }

    /// Adds those of later rows.
    package mutating func add(_ other: RoundedAmounts) {
        example = example ?? other.example
        decimals = max(decimals, other.decimals)
    }
}
