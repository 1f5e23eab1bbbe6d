/// A window at ascending snapshot times, as ranges of indices that only move forward.
struct MovingWindow {
    private var held = 0..<0

    /// Moves to a range that begins and ends no earlier than the current one.
    ///
    /// Each index enters the window once and leaves it once; when the ranges do not overlap, the window is
    /// cleared instead.
    ///
    /// - Parameters:
    ///   - come: called with each index that enters the window, in order.
    ///   - leave: called with each index that leaves it, in order.
    @inline(__always)
    mutating func move(
        to range: Range<Int>, clear: () -> Void, come: (Int) -> Void, leave: (Int) -> Void
    ) {
        if range.lowerBound >= held.upperBound {
            clear()
            held = range.lowerBound..<range.lowerBound
        }
        for place in held.upperBound..<range.upperBound { come(place) }
        for place in held.lowerBound..<range.lowerBound { leave(place) }
        held = range
    }
}
