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

    /// Appends some of the numbers to an array.
    func append(_ range: Range<Int>, to array: inout [Number]) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        array.append(contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}

/// The numbers of a table, for a loop that would otherwise ask the table at each access where they lie. Whoever makes a
/// view sees to it that the table outlives it.
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

    /// Some of the numbers; a loop over all of them asks once whether they are there.
    @inline(__always)
    func part(_ start: Int, _ length: Int) -> NumberView {
        check(start, length)
        return NumberView(base: base + start, count: length)
    }

    /// Sets all numbers.
    func fill(_ number: Number) { base.update(repeating: number, count: count) }

    @inline(__always)
    private func check(_ start: Int, _ length: Int) {
        precondition(start >= 0 && length >= 0 && start <= count - length)
    }
}

extension NumberView<Int64> {
    /// Adds some of the numbers to others, without regard to overflow.
    func add(_ source: Int, to target: Int, _ length: Int) {
        check(source, length)
        check(target, length)
        for place in 0..<length { base[target &+ place] &+= base[source &+ place] }
    }

    /// Raises some of the numbers to others that are greater.
    func raise(_ source: Int, to target: Int, _ length: Int) {
        check(source, length)
        check(target, length)
        for place in 0..<length { base[target &+ place] = max(base[target &+ place], base[source &+ place]) }
    }
}
