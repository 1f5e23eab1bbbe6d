/// A set of texts, compared byte by byte.
///
///     let missing: VerbatimSet = ["NA", "NaN"]
///     print(missing.contains("NA"), missing.sorted())
///
/// A `Set` of `String` would merge texts that Unicode calls equivalent.
public struct VerbatimSet: Hashable, Sendable, ExpressibleByArrayLiteral, Sequence {
    private var contents: Set<VerbatimText> = []

    /// Makes an empty set.
    public init() {}

    /// Makes a set of texts.
    public init(arrayLiteral elements: String...) { self.init(elements) }

    /// Makes a set of texts.
    public init(_ texts: some Sequence<String>) { contents = Set(texts.lazy.map { VerbatimText($0) }) }

    /// The number of texts.
    public var count: Int { contents.count }
    /// True without texts.
    public var isEmpty: Bool { contents.isEmpty }

    /// Returns true when a text is in the set.
    public func contains(_ text: String) -> Bool { contents.contains(VerbatimText(text)) }

    /// Adds a text; `inserted` is false when it is in the set already.
    @discardableResult
    public mutating func insert(_ text: String) -> (inserted: Bool, memberAfterInsert: String) {
        let (inserted, member) = contents.insert(VerbatimText(text))
        return (inserted, member.text)
    }

    /// Removes a text.
    public mutating func remove(_ text: String) { contents.remove(VerbatimText(text)) }

    /// Returns the texts of this set and of others.
    public func union(_ others: some Sequence<String>) -> VerbatimSet {
        var set = self
        set.formUnion(others)
        return set
    }

    /// Adds texts.
    public mutating func formUnion(_ others: some Sequence<String>) {
        for text in others { insert(text) }
    }

    /// Returns the texts that are not in another set.
    public func subtracting(_ other: VerbatimSet) -> VerbatimSet {
        var set = self
        set.contents.subtract(other.contents)
        return set
    }

    /// Returns the texts of this set that are among others.
    public func intersection(_ others: some Sequence<String>) -> VerbatimSet {
        VerbatimSet(others.filter { contains($0) })
    }

    /// Returns true when none of the texts is in the set.
    public func isDisjoint(with texts: some Sequence<String>) -> Bool { !texts.contains(where: contains) }

    /// Returns the texts in the order of their bytes.
    public func sorted() -> [String] { contents.sorted().map(\.text) }

    /// Returns an iterator over the texts, in no order.
    public func makeIterator() -> AnyIterator<String> {
        var iterator = contents.makeIterator()
        return AnyIterator { iterator.next()?.text }
    }
}
