/// The minimum or the maximum of a window that moves forward.
///
/// A value that is followed by an equal or more extreme one can never be the extreme again and is dropped:
/// the remaining values are in order, and the first is the extreme (Lemire 2006, "Streaming maximum-minimum
/// filter"). Each value is added once and removed once.
struct MovingExtreme {
    private var values: [(place: Int, value: Int64)] = []
    private var first = 0
    /// True for the maximum, false for the minimum.
    private var isMaximum = false

    /// Removes all values.
    mutating func removeAll(isMaximum: Bool) {
        values.removeAll(keepingCapacity: true)
        first = 0
        self.isMaximum = isMaximum
    }

    /// Adds the value at the next index.
    mutating func append(_ value: Int64, at place: Int) {
        while values.count > first, let last = values.last,
            isMaximum ? last.value <= value : last.value >= value
        {
            values.removeLast()
        }
        values.append((place, value))
    }

    /// Removes the values at all indices up to and including `place`.
    mutating func removeFirst(through place: Int) {
        while first < values.count, values[first].place <= place { first += 1 }
    }

    /// The extreme; nil when there are no values.
    var value: Int64? { first < values.count ? values[first].value : nil }
}
