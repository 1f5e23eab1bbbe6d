import Foundation
import LimpetTestSupport
import Testing

/// The style of the code, read from the tree; ``TidyExceptions`` and ``RetiredWords`` hold what it goes by.
@Suite struct TidyTests {
    private static let columns = 110
    private static let linesPerFile = 300
    private static let filesPerFolder = 25

    /// Reports what breaks a rule, at most so much that one can read it.
    private func expectNone(_ found: [String], _ rule: Comment) {
        let shown = found.prefix(20).joined(separator: "\n")
        #expect(found.isEmpty, "\(rule): \(found.count)\n\(shown)")
    }

    @Test("the tree is found")
    func tree() {
        let count = SourceFile.all.count { $0.isSwift }
        #expect(count > 700 && SourceFile.all.contains { $0.path == "Sources/limpet/main.swift" })
    }

    @Test("lines end at 110 columns, comments too")
    func width() {
        let found = SourceFile.all.filter { TidyExceptions.wideFiles[$0.path] == nil }.flatMap { file in
            file.lines.enumerated().filter { $1.count > Self.columns }.map { "\(file.path):\($0.offset + 1)" }
        }
        expectNone(found, "lines of more than \(Self.columns) columns")
    }

    @Test("files have at most 300 lines")
    func length() {
        let found = SourceFile.all.filter {
            $0.lines.count > Self.linesPerFile + 1 && TidyExceptions.longFiles[$0.path] == nil
        }
        expectNone(found.map { "\($0.path): \($0.lines.count - 1)" }, "files of more than 300 lines")
    }

    @Test("exceptions are of files that need them")
    func exceptions() {
        let byPath = Dictionary(uniqueKeysWithValues: SourceFile.all.map { ($0.path, $0) })
        let long = TidyExceptions.longFiles.keys.filter {
            (byPath[$0]?.lines.count ?? 0) <= Self.linesPerFile + 1
        }
        let wide = TidyExceptions.wideFiles.keys.filter { path in
            byPath[path]?.lines.contains { $0.count > Self.columns } != true
        }
        let named = (Array(TidyExceptions.fileNames.keys) + Array(TidyExceptions.stringComparisons.keys))
            .filter { byPath[$0] == nil }
        expectNone((long + wide + named).sorted(), "exceptions that nothing needs")
    }

    @Test("texts of users are compared by bytes, not as String compares them")
    func verbatim() {
        let found = SourceFile.all.filter { $0.isSwift && Self.comparesByBytes($0.path) }.flatMap { file in
            Self.stringComparisons(file.code).map { "\(file.path):\($0)" }
        }
        expectNone(found, "VerbatimDictionary, VerbatimSet, begins(with:), ends(with:) compare bytes")
    }

    @Test("the rule of texts finds what it looks for")
    func verbatimRule() {
        let planted = [
            "let a: [String: Int] = [:]", "let b: Set<String>", "if c.hasPrefix(d) {", "e.hasSuffix(f)",
            "Dictionary(uniqueKeysWithValues: g)", "let h: VerbatimDictionary<Int>", "i.begins(with: j)",
        ]
        #expect(Self.stringComparisons(planted) == [1, 2, 3, 4, 5])
    }

    private static func comparesByBytes(_ path: String) -> Bool {
        path.hasPrefix("Sources/") && !path.hasPrefix("Sources/limpet-bench/")
            && TidyExceptions.stringComparisons[path] == nil
    }

    /// Returns the lines that compare texts as `String` does.
    private static func stringComparisons(_ code: [String]) -> [Int] {
        let ways = ["[String:", "Set<String>", ".hasPrefix(", ".hasSuffix(", "uniqueKeysWithValues"]
        return code.indices.filter { line in ways.contains { code[line].contains($0) } }.map { $0 + 1 }
    }

    @Test("folders have at most 25 files")
    func folders() {
        let counts = Dictionary(grouping: SourceFile.all, by: \.folder).mapValues(\.count)
        let found = counts.filter { $0.value > Self.filesPerFolder }.map { "\($0.key): \($0.value)" }
        expectNone(found.sorted(), "folders of more than 25 files")
    }

    @Test("a summary begins with a noun or a verb, not with What or Whether")
    func summaries() {
        let found = SourceFile.all.filter { $0.isSwift && $0.path.hasPrefix("Sources/") }.flatMap { file in
            file.lines.enumerated().filter { number, line in
                let text = line.drop { $0 == " " }
                guard text.hasPrefix("/// What ") || text.hasPrefix("/// Whether ") else { return false }
                return number == 0 || !file.lines[number - 1].drop { $0 == " " }.hasPrefix("///")
            }.map { "\(file.path):\($0.offset + 1): \($0.element)" }
        }
        expectNone(found, "summaries that begin with What or Whether")
    }

    @Test("retired words are in no name of the folder where the field's own took their place")
    func names() {
        var found: [String] = []
        for file in SourceFile.all where file.isSwift {
            let rules = RetiredWords.names.filter { file.path.hasPrefix($0.folder) }
            guard !rules.isEmpty else { continue }
            for (number, code) in file.code.enumerated() {
                let words = Set(SourceFile.words(of: code))
                for rule in rules {
                    guard let word = rule.words.intersection(words).min() else { continue }
                    found.append("\(file.path):\(number + 1): '\(word)', use \(rule.instead)")
                }
            }
        }
        expectNone(found, "retired words in names")
    }

    @Test("retired phrases are in no comment")
    func phrases() {
        let found = SourceFile.all.filter { $0.path.hasPrefix("Sources/") }.flatMap { file in
            file.comments.flatMap { line, text in
                RetiredWords.phrases.filter { " \(text) ".contains(" \($0.phrase)") }.map {
                    "\(file.path):\(line): '\($0.phrase)', use \($0.instead)"
                }
            }
        }
        expectNone(found, "retired phrases in comments")
    }

    @Test("unsafe code is in the files that CONTRIBUTING lists, and in no others")
    func unsafeCode() throws {
        let text = try String(contentsOfFile: Project.path("CONTRIBUTING.md"), encoding: .utf8)
        let listed = Set(
            text.split(separator: "`").map { String($0) }.filter {
                $0.hasPrefix("Sources/") && $0.hasSuffix(".swift")
            })
        let marks = ["unsafe ", "withUnsafe", "Unsafe", "@unchecked", "nonisolated(unsafe)"]
        let found = Set(
            SourceFile.all.filter { file in
                file.isSwift && file.path.hasPrefix("Sources/")
                    && file.code.contains { line in
                        marks.contains { mark in line.contains(mark) }
                            && !line.contains("unsafeLoadUnaligned")
                    }
            }.map(\.path))
        expectNone(
            found.subtracting(listed).sorted(), "files with unsafe code that CONTRIBUTING does not list")
        expectNone(listed.subtracting(found).sorted(), "files that CONTRIBUTING lists, and that have none")
    }

    @Test("the lines that the tour of ARCHITECTURE names hold what it says")
    func tour() throws {
        let text = try String(contentsOfFile: Project.path("ARCHITECTURE.md"), encoding: .utf8)
        let place = /`(?:[A-Za-z]+\.)?([A-Za-z]+)`\s+\(`(Sources\/[^`:]+):([0-9]+)`/
        var found: [String] = []
        var count = 0
        for match in text.matches(of: place) {
            let (symbol, path, number) = (match.output.1, match.output.2, Int(match.output.3) ?? 0)
            let lines = SourceFile.all.first { $0.path == path }?.lines ?? []
            count += 1
            guard !lines.indices.contains(number - 1) || !Self.declares(lines[number - 1], symbol) else {
                continue
            }
            let now = lines.firstIndex { Self.declares($0, symbol) }.map { "\($0 + 1)" }
            found.append("\(path):\(number) does not hold \(symbol); line \(now ?? "none") may")
        }
        #expect(count > 20)
        expectNone(found, "places of the tour")
    }

    private static func declares(_ line: String, _ symbol: Substring) -> Bool {
        guard let place = line.range(of: symbol) else { return false }
        let keywords = ["struct", "class", "actor", "enum", "protocol", "func", "var", "let", "case"]
        return line[..<place.lowerBound].split(separator: " ").last.map { keywords.contains(String($0)) }
            ?? false
    }

    @Test("a file is named after a type that it holds or extends")
    func fileNames() {
        let found = SourceFile.all.filter { file in
            guard file.isSwift, file.name != "main", file.name != "Package" else { return false }
            let type = file.name.prefix { $0 != "+" }
            return TidyExceptions.fileNames[file.path] == nil
                && !file.declaredTypes.contains { $0.name.split(separator: ".").contains(type) }
        }
        expectNone(found.map(\.path), "files whose names are no types of theirs")
    }

    @Test("no two modules give different types one name")
    func typeNames() {
        var filesOfName: [String: Set<String>] = [:]
        for file in SourceFile.all where file.isSwift && file.path.hasPrefix("Sources/") {
            for type in file.declaredTypes where !type.isExtension && !type.isPrivate {
                filesOfName[type.name, default: []].insert(file.path)
            }
        }
        let found = filesOfName.filter { $0.value.count > 1 }
        expectNone(
            found.map { "\($0.key): \($0.value.sorted().joined(separator: ", "))" }.sorted(),
            "names of several types")
    }
}

extension SourceFile {
    /// A type that a file declares or extends at its top level.
    struct DeclaredType {
        let name: String
        let isExtension: Bool
        let isPrivate: Bool
    }

    var declaredTypes: [DeclaredType] {
        let keywords: Set<Substring> = [
            "struct", "class", "enum", "protocol", "actor", "typealias", "extension",
        ]
        return code.compactMap { line in
            guard let first = line.first, !first.isWhitespace else { return nil }
            let words = line.split { $0 == " " || $0 == ":" || $0 == "<" || $0 == "{" }
            guard let place = words.firstIndex(where: keywords.contains), place + 1 < words.count else {
                return nil
            }
            return DeclaredType(
                name: String(words[place + 1]), isExtension: words[place] == "extension",
                isPrivate: words[..<place].contains { $0 == "private" || $0 == "fileprivate" })
        }
    }
}
