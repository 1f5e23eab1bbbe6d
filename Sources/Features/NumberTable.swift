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

    /// The numbers, for as long as the table lives.
    @inline(__always)
    var view: NumberView<Number> { NumberView(base: base, count: count) }

    subscript(index: Int) -> Number {
        @inline(__always) get { view[index] }
        @inline(__always) set { view[index] = newValue }
    }

    /// Some of the numbers as an array.
    func array(_ range: Range<Int>) -> [Number] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}

/// The numbers of a table, for a loop that would otherwise ask the table at each access where they lie. Whoever holds a
/// view holds the table too.
struct NumberView<Number: BitwiseCopyable> {
    fileprivate let base: UnsafeMutablePointer<Number>
    /// How many numbers there are.
    let count: Int

    subscript(index: Int) -> Number {
        @inline(__always) get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return base[index]
        }
        @inline(__always) nonmutating set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            base[index] = newValue
        }
    }

    /// Copies other numbers to a place of these.
    @inline(__always)
    func copy(_ other: NumberView, at start: Int) {
        precondition(start >= 0 && start <= count - other.count)
        (base + start).update(from: other.base, count: other.count)
    }

    /// Sets all numbers.
    func fill(_ number: Number) { base.update(repeating: number, count: count) }
}
