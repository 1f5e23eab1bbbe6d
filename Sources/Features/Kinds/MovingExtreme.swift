/// The smallest or the largest value of a window that moves forward.
///
/// A value that a later one equals or beats can never be the extreme again and is dropped at once: those that are left
/// stand in order, and the first is the extreme (Lemire 2006, "Streaming maximum-minimum filter"). Each value comes
/// once and goes once.
struct MovingExtreme {
    private var values: [(place: Int, value: Int64)] = []
    private var first = 0
    /// Whether the largest is looked for.
    private var isMaximum = false

    /// Forgets all values.
    mutating func removeAll(isMaximum: Bool) {
        values.removeAll(keepingCapacity: true)
        first = 0
        self.isMaximum = isMaximum
    }

    /// Takes the value of the next place.
    mutating func append(_ value: Int64, at place: Int) {
        while values.count > first, let last = values.last,
            isMaximum ? last.value <= value : last.value >= value
        {
            values.removeLast()
        }
        values.append((place, value))
    }

    /// Drops the values of all places up to and with this one.
    mutating func removeFirst(through place: Int) {
        while first < values.count, values[first].place <= place { first += 1 }
    }

    /// The extreme; nil of no values.
    var value: Int64? { first < values.count ? values[first].value : nil }
}
