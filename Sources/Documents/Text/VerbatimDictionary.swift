/// A dictionary whose keys are texts, compared byte by byte.
///
///     var properties: VerbatimDictionary<String> = ["plan": "pro"]
///     properties["city"] = "Zürich"
///     for (name, text) in properties { print(name, text) }
///
/// A `Dictionary` of `String` would merge names that Unicode calls equivalent.
public struct VerbatimDictionary<Value>: ExpressibleByDictionaryLiteral, Sequence {
    private var contents: [VerbatimText: Value] = [:]

    /// Makes an empty dictionary.
    public init() {}

    /// Makes a dictionary of pairs; of pairs with one key the last counts.
    public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }

    /// Makes a dictionary of pairs; of pairs with one key the last counts.
    public init(_ pairs: some Sequence<(String, Value)>) {
        for (key, value) in pairs { contents[VerbatimText(key)] = value }
    }

    /// Makes a dictionary of pairs; the values of one key are combined.
    public init(
        _ pairs: some Sequence<(String, Value)>, uniquingKeysWith combine: (Value, Value) -> Value
    ) {
        contents = Dictionary(pairs.lazy.map { (VerbatimText($0), $1) }, uniquingKeysWith: combine)
    }

    /// Makes a dictionary with the entries of another one.
    public init(_ dictionary: [String: Value]) { self.init(dictionary.map { ($0.key, $0.value) }) }

    private init(contents: [VerbatimText: Value]) { self.contents = contents }

    /// The value of a key; nil where there is none.
    public subscript(key: String) -> Value? {
        get { contents[VerbatimText(key)] }
        set { contents[VerbatimText(key)] = newValue }
    }

    /// The value of a key, or a default where there is none.
    public subscript(key: String, default missing: @autoclosure () -> Value) -> Value {
        get { contents[VerbatimText(key)] ?? missing() }
        _modify { yield &contents[VerbatimText(key), default: missing()] }
    }

    /// The keys, in no order.
    public var keys: [String] { contents.keys.map(\.text) }
    /// The values, in the order of ``keys``.
    public var values: [Value] { Array(contents.values) }
    /// The number of entries.
    public var count: Int { contents.count }
    /// True without entries.
    public var isEmpty: Bool { contents.isEmpty }

    /// Sets the value of a key; returns the one before.
    @discardableResult
    public mutating func updateValue(_ value: Value, forKey key: String) -> Value? {
        contents.updateValue(value, forKey: VerbatimText(key))
    }

    /// Removes a key; returns its value.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> Value? {
        contents.removeValue(forKey: VerbatimText(key))
    }

    /// Returns the entries for which a condition holds.
    public func filter(_ isIncluded: (Element) throws -> Bool) rethrows -> VerbatimDictionary {
        VerbatimDictionary(contents: try contents.filter { try isIncluded(($0.key.text, $0.value)) })
    }

    /// Returns a dictionary with converted values.
    public func mapValues<Result>(_ transform: (Value) throws -> Result) rethrows -> VerbatimDictionary<
        Result
    > {
        VerbatimDictionary<Result>(contents: try contents.mapValues(transform))
    }

    /// Adds the entries of another dictionary, whose values replace those of the same key.
    public mutating func merge(_ other: VerbatimDictionary) { contents.merge(other.contents) { $1 } }

    /// An entry.
    public typealias Element = (key: String, value: Value)

    /// Returns an iterator over the entries, in no order.
    public func makeIterator() -> AnyIterator<Element> {
        var iterator = contents.makeIterator()
        return AnyIterator { iterator.next().map { ($0.key.text, $0.value) } }
    }

    /// The entries in the order of their keys' bytes.
    package var sortedByKey: [Element] {
        contents.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value) }
    }
}

extension VerbatimDictionary: Equatable where Value: Equatable {}
extension VerbatimDictionary: Hashable where Value: Hashable {}
extension VerbatimDictionary: Sendable where Value: Sendable {}
