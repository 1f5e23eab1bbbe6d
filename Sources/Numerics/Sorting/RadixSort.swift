/// An element with the 64-bit key by which ``RadixSort`` orders it.
package protocol RadixSortable: BitwiseCopyable {
    /// The key; elements are sorted by it in ascending order.
    var sortKey: UInt64 { get }
}

/// A radix sort by 64-bit keys, from the lowest digit on: stable, in time proportional to the number of
/// elements (H. Hollerith, 1889; D. Knuth, The Art of Computer Programming 3, 5.2.5).
package enum RadixSort {
    @usableFromInline static let digitBits: UInt64 = 11
    @usableFromInline static let digits: UInt64 = 6
    /// The count below which the standard sort is faster than filling the tables of six digits.
    @usableFromInline static let fewElements = 2_048

    /// Sorts the first `count` elements; a digit that all of them share, like the last ones of whole numbers,
    /// is counted but not sorted by.
    ///
    /// - Parameter spare: working memory, which grows to the length of `elements`; its contents are lost.
    @inlinable
    package static func sort<Element: RadixSortable>(
        _ elements: inout [Element], count: Int, spare: inout [Element]
    ) {
        guard count >= fewElements else {
            elements[..<count].sort { $0.sortKey < $1.sortKey }
            return
        }
        if spare.count < elements.count { spare = elements }
        for digit in 0..<digits {
            if scatter(elements, count, shift: digit * digitBits, into: &spare) { swap(&elements, &spare) }
        }
    }

    /// Sorts the elements by one digit into `sorted`; returns false, with nothing done, when all share the
    /// digit.
    @inlinable
    static func scatter<Element: RadixSortable>(
        _ elements: [Element], _ count: Int, shift: UInt64, into sorted: inout [Element]
    ) -> Bool {
        let mask: UInt64 = (1 << digitBits) - 1
        var places = [Int](repeating: 0, count: 1 << Int(digitBits))
        let source = elements.span
        for index in 0..<count { places[Int((source[index].sortKey >> shift) & mask)] += 1 }
        guard !places.contains(count) else { return false }
        var next = 0
        for digit in places.indices { (places[digit], next) = (next, next + places[digit]) }
        var target = sorted.mutableSpan
        for index in 0..<count {
            let digit = Int((source[index].sortKey >> shift) & mask)
            target[places[digit]] = source[index]
            places[digit] += 1
        }
        return true
    }
}
