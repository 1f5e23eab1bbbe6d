/// An array of numbers in memory that one worker owns, so that writes need no check for copy-on-write.
///
/// All unsafe code of this module is in this file; every access is checked.
final class NumberTable<Number: BitwiseCopyable> {
    /// The number of elements.
    let count: Int
    private let base: UnsafeMutablePointer<Number>

    init(repeating number: Number, count: Int) {
        self.count = count
        base = .allocate(capacity: max(1, count))
        base.initialize(repeating: number, count: count)
    }

    /// Makes a copy of an array.
    init(_ numbers: [Number]) {
        count = numbers.count
        base = .allocate(capacity: max(1, count))
        numbers.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { base.initialize(from: first, count: count) }
        }
    }

    deinit { base.deallocate() }

    /// A view of the elements, valid as long as the table lives.
    @inline(__always)
    var view: NumberView<Number> { NumberView(base: base, count: count) }

    subscript(index: Int) -> Number {
        @inline(__always) get { view[index] }
        @inline(__always) set { view[index] = newValue }
    }

    /// Appends a range of the elements to an array.
    func append(_ range: Range<Int>, to array: inout [Number]) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        array.append(contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}

/// A view of a table's elements, for loops that would otherwise load the table's pointer at each access.
///
/// The owner of a view keeps the table alive.
struct NumberView<Number: BitwiseCopyable> {
    fileprivate let base: UnsafeMutablePointer<Number>
    /// The number of elements.
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

    /// Returns a view of `length` elements from `start` on, so that a loop over them checks bounds once.
    @inline(__always)
    func part(_ start: Int, _ length: Int) -> NumberView {
        check(start, length)
        return NumberView(base: base + start, count: length)
    }

    /// Sets all elements to a number.
    func fill(_ number: Number) { base.update(repeating: number, count: count) }

    @inline(__always)
    private func check(_ start: Int, _ length: Int) {
        precondition(start >= 0 && length >= 0 && start <= count - length)
    }
}

extension NumberView<Int64> {
    /// Adds `length` elements from `source` on to those from `target` on, wrapping on overflow.
    func add(_ source: Int, to target: Int, _ length: Int) {
        check(source, length)
        check(target, length)
        for place in 0..<length { base[target &+ place] &+= base[source &+ place] }
    }

    /// Sets each of `length` elements from `target` on to the maximum of it and that from `source` on.
    func raise(_ source: Int, to target: Int, _ length: Int) {
        check(source, length)
        check(target, length)
        for place in 0..<length { base[target &+ place] = max(base[target &+ place], base[source &+ place]) }
    }
}
