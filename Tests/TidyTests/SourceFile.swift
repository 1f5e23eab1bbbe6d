import Foundation
import LimpetTestSupport

/// A file of the project as the style tests see it.
struct SourceFile: Sendable {
    /// Its path within the project.
    let path: String
    /// Its lines, without their ends.
    let lines: [String]

    /// The path of its folder within the project.
    var folder: String { (path as NSString).deletingLastPathComponent }

    /// Its name without folder and extension.
    var name: String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// All files of Swift, C and Python, but for what is built or installed.
    static let all: [SourceFile] = {
        var files = [SourceFile(path: "Package.swift")]
        for folder in ["Sources", "Tests", "scripts"] {
            let found = FileManager.default.enumerator(atPath: Project.path(folder))
            while let name = found?.nextObject() as? String {
                let endings = [".swift", ".c", ".h", ".py"]
                guard endings.contains(where: name.hasSuffix), !name.contains(".build/") else { continue }
                files.append(SourceFile(path: folder + "/" + name))
            }
        }
        return files.sorted { $0.path < $1.path }
    }()

    private init(path: String) {
        self.path = path
        let text = (try? String(contentsOfFile: Project.path(path), encoding: .utf8)) ?? ""
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }

    /// The comments, with the numbers of their lines from 1.
    var comments: [(line: Int, text: Substring)] {
        lines.enumerated().compactMap { number, line in
            // A text with two slashes, such as an address, begins no comment.
            let start =
                line.firstRange(of: "/// ")
                ?? line.firstRange(of: "// ").flatMap { range in
                    line[..<range.lowerBound].count { $0 == "\"" } % 2 == 0 ? range : nil
                }
            return start.map { (number + 1, line[$0.upperBound...]) }
        }
    }

    /// The code of each line, without comments and without the contents of texts.
    var code: [String] {
        var isInBlock = false
        return lines.map { line in
            if line.components(separatedBy: "\"\"\"").count == 2 {
                isInBlock.toggle()
                return ""
            }
            guard !isInBlock else { return "" }
            return Self.code(of: line)
        }
    }

    private static func code(of line: String) -> String {
        var (code, isInText, last) = ("", false, Character(" "))
        for character in line {
            if character == "\"", last != "\\" { isInText.toggle() }
            if !isInText, character == "/", last == "/" { return String(code.dropLast()) }
            if !isInText { code.append(character) }
            last = character
        }
        return code
    }

    /// The words of the names in a line of code: `snapshotTime` has two.
    static func words(of code: String) -> [String] {
        var (words, word) = ([String](), "")
        for character in code {
            let isLetter = character.isASCII && character.isLetter
            if !isLetter || (character.isUppercase && word.last?.isLowercase == true) {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if isLetter { word.append(character) }
        }
        return word.isEmpty ? words : words + [word.lowercased()]
    }
}
