/// Numbers of one worker that are written millions of times: memory that belongs to nobody else, so that no write asks
/// whether it must be copied first. All unsafe code of this module stands here; every access is checked.
final class NumberTable<Number: BitwiseCopyable> {
    /// How many numbers there are.
    let count: Int
    private let base: UnsafeMutablePointer<Number>

    init(repeating number: Number, count: Int) {
        self.count = count
        base = .allocate(capacity: max(1, count))
        base.initialize(repeating: number, count: count)
    }

    /// A copy of an array.
    init(_ numbers: [Number]) {
        count = numbers.count
        base = .allocate(capacity: max(1, count))
        numbers.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { base.initialize(from: first, count: count) }
        }
    }

    deinit { base.deallocate() }

    subscript(index: Int) -> Number {
        @inline(__always) get {
            precondition(index >= 0 && index < count)
            return base[index]
        }
        @inline(__always) set {
            precondition(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    /// Copies another table to a place of this one.
    @inline(__always)
    func copy(_ other: NumberTable, at start: Int) {
        precondition(start >= 0 && start <= count - other.count)
        (base + start).update(from: other.base, count: other.count)
    }

    /// Sets all numbers.
    func fill(_ number: Number) { base.update(repeating: number, count: count) }

    /// Some of the numbers as an array.
    func array(_ range: Range<Int>) -> [Number] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}
