/// A window at one snapshot time after the other, as ranges of places that only move forward.
struct MovingWindow {
    private var held = 0..<0

    /// Moves on to a range that begins and ends no earlier than the one before. What the window takes up or loses
    /// between two snapshot times comes to it and leaves it once; where nothing of it stays, it is cleared instead.
    ///
    /// - Parameters:
    ///   - come: called with each place that the window takes up, in order.
    ///   - leave: called with each place that it loses, in order.
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
