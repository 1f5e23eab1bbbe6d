import LimpetDocuments
import LimpetEvents

/// A section of LightGBM's text: lines `key=value` up to the next section.
struct LightGBMSection {
    let file: String
    /// The name for error messages, e.g. `Tree=3`; empty for the head of the file.
    let title: String
    /// The line on which it begins, from 1.
    let line: Int
    fileprivate(set) var entries: VerbatimDictionary<(text: String, line: Int)> = [:]
    /// The lines without a value.
    fileprivate(set) var flags: VerbatimSet = []

    /// Returns an error about one key, or about the whole section.
    func error(_ key: String? = nil, _ problem: String) -> InputError {
        let field = [title, key ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
        return InputError(
            InputPlace(file: file, line: key.flatMap { entries[$0]?.line } ?? line, field: field), problem)
    }

    /// Returns the text of a required key.
    func text(_ key: String) throws(InputError) -> String {
        guard let entry = entries[key] else { throw error(key, "is missing") }
        return entry.text
    }

    /// Returns the text of an optional key; nil when it is absent.
    func optional(_ key: String) -> String? { entries[key]?.text }

    /// Returns the elements of a list.
    func elements(_ key: String) throws(InputError) -> [Substring] {
        try text(key).split(separator: " ")
    }

    /// Returns a whole number within a range.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(InputError) -> Int {
        let text = try text(key)
        guard let number = Int(text), range.contains(number) else {
            throw error(
                key,
                "found \(text.quoted), expected a whole number from "
                    + "\(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// Returns a list of whole numbers within a range.
    func integers(_ key: String, count: Int? = nil, in range: ClosedRange<Int>) throws(InputError) -> [Int] {
        var numbers: [Int] = []
        for element in try elements(key) {
            guard let number = Int(element), range.contains(number) else {
                throw error(
                    key,
                    "found \(String(element).quoted), expected a whole number from "
                        + "\(range.lowerBound) to \(range.upperBound)"
                )
            }
            numbers.append(number)
        }
        try check(key, numbers.count, expected: count)
        return numbers
    }

    /// Returns a list of numbers. They may be infinite, as thresholds that no number passes are, unless
    /// `areFinite` is true.
    func numbers(_ key: String, count: Int, areFinite: Bool) throws(InputError) -> [Double] {
        var numbers: [Double] = []
        for element in try elements(key) {
            guard let number = Double(element), !number.isNaN, number.isFinite || !areFinite else {
                throw error(
                    key, "found \(String(element).quoted), expected a \(areFinite ? "finite " : "")number")
            }
            numbers.append(number)
        }
        try check(key, numbers.count, expected: count)
        return numbers
    }

    private func check(_ key: String, _ count: Int, expected: Int?) throws(InputError) {
        guard let expected, count != expected else { return }
        throw error(key, "has \(count) elements, expected \(expected)")
    }
}

/// The text of a LightGBM model, divided into sections.
struct LightGBMText {
    /// The maximum number of trees.
    private static let treeLimit = 1_000_000

    private(set) var head: LightGBMSection
    private(set) var trees: [LightGBMSection] = []
    /// The JSON with the categories of a data frame.
    private(set) var pandasCategories: String?

    /// Reads the sections.
    ///
    /// - Throws: `InputError` when the text is not UTF-8, does not begin as a model or ends before its last
    ///   tree.
    init(_ bytes: [UInt8], file: String) throws(InputError) {
        head = LightGBMSection(file: file, title: "", line: 1)
        var (number, isOver) = (0, false)
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard let text = String(validating: line, as: UTF8.self) else {
                throw InputError(InputPlace(file: file, line: number), "the line is not valid UTF-8")
            }
            let trimmed = text.ends(with: "\r") ? String(text.dropLast()) : text
            if number == 1, trimmed != "tree" {
                throw InputError(
                    InputPlace(file: file, line: 1), "found \(trimmed.quoted), expected \"tree\"")
            }
            if isOver {
                let key = "pandas_categorical:"
                if trimmed.begins(with: key) { pandasCategories = String(trimmed.dropFirst(key.count)) }
            } else if trimmed == "end of trees" {
                isOver = true
            } else if !trimmed.isEmpty {
                try add(trimmed, line: number)
            }
        }
        guard isOver else {
            throw InputError(
                InputPlace(file: file, line: number),
                "found the end of the file, expected \"end of trees\"; the file is incomplete")
        }
    }

    private mutating func add(_ line: String, line number: Int) throws(InputError) {
        guard !line.begins(with: "Tree=") else {
            let section = LightGBMSection(file: head.file, title: line, line: number)
            guard line == "Tree=\(trees.count)" else {
                throw section.error(nil, "found \(line.quoted), expected \"Tree=\(trees.count)\"")
            }
            guard trees.count < Self.treeLimit else {
                throw section.error(nil, "found more than \(Self.treeLimit) trees")
            }
            trees.append(section)
            return
        }
        if trees.isEmpty {
            try Self.add(line, number, to: &head)
        } else {
            try Self.add(line, number, to: &trees[trees.count - 1])
        }
    }

    private static func add(
        _ line: String, _ number: Int, to section: inout LightGBMSection
    ) throws(InputError) {
        guard let mark = line.firstIndex(of: "=") else {
            section.flags.insert(line)
            return
        }
        let key = String(line[..<mark])
        let entry = (text: String(line[line.index(after: mark)...]), line: number)
        guard section.entries.updateValue(entry, forKey: key) == nil else {
            throw section.error(key, "stands twice")
        }
    }
}
