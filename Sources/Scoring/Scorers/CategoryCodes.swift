package import LimpetDocuments
import LimpetEvents

/// The integer codes of one category's texts.
///
/// Every text that any term knows has its own code, in the order of UTF-8 bytes. All other texts share the
/// next code, and a missing text has the last.
package struct CategoryCodes: Sendable {
    /// The known texts by code.
    package let names: [String]
    private let codeOfKey: [UInt64: Int]

    /// The code of all other texts.
    package var other: Int { names.count }
    /// The code of a missing text.
    package var missing: Int { names.count + 1 }
    /// The number of codes.
    package var count: Int { names.count + 2 }

    /// Collects the codes of one input.
    package init(input: Int, terms: [Term]) {
        let known = Set(terms.flatMap { $0.levelNames(of: input) }.map { VerbatimText($0) })
        names = known.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var codes: [UInt64: Int] = [:]
        for (code, name) in names.enumerated() { codes[TextKey(name).rawValue] = code }
        codeOfKey = codes
    }

    /// Returns the codes of each input; a number has no known texts.
    static func all(of model: Model) -> [CategoryCodes] {
        var terms = [[Term]](repeating: [], count: model.inputs.count)
        for term in model.terms {
            for input in term.inputs { terms[input].append(term) }
        }
        return terms.enumerated().map { CategoryCodes(input: $0, terms: $1) }
    }

    /// Returns a text's code as a row of numbers holds it: NaN for a missing text.
    func number(of key: TextKey) -> Double {
        key == .missing ? .nan : Double(codeOfKey[key.rawValue] ?? other)
    }

    /// Returns the known text with a key, or nil.
    func name(of key: TextKey) -> String? { codeOfKey[key.rawValue].map { names[$0] } }

    /// Returns a value for each code, from the value of each level that a term knows.
    package func table<Value>(
        _ levels: [String], _ values: [Value], other: Value, missing: Value
    ) -> [Value] {
        var value: [VerbatimText: Value] = [:]
        for (level, known) in zip(levels, values) { value[VerbatimText(level)] = known }
        return names.map { value[VerbatimText($0)] ?? other } + [other, missing]
    }

    /// Returns the bin of a grid's axis for each code.
    package func bins(of levels: [String]) -> [Int] {
        table(levels, Array(levels.indices), other: levels.count, missing: levels.count + 1)
    }
}
