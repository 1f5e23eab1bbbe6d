/// The runs that show what each flag changes, read from ``FlagWalkTable``.
struct FlagWalk {
    /// A flag with the run in which it is given, and the one in which it is not.
    struct Entry {
        let command: String
        let flag: String
        /// The arguments after the command's name; nil where the table says why nothing is run.
        let runs: (with: [String], without: [String])?
        /// The line of the table.
        fileprivate let line: String

        /// Returns the run of this flag beside another one of the same command; nil where either is not run.
        func run(beside other: Entry) -> [String]? {
            guard other.command == command, let arguments = other.runs?.with else { return nil }
            return FlagWalk.entry(line, Base(command: command, arguments: arguments)).runs?.with
        }
    }

    /// A command with the arguments of its runs.
    struct Base {
        let command: String
        let arguments: [String]
    }

    private(set) var entries: [Entry] = []
    private(set) var bases: [Base] = []

    init(_ text: String) {
        var lists: [Substring: [String]] = [:]
        var list: Substring?
        var words: [(name: String, text: String)] = []
        var section: [String] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard let first = parts.first, let rest = parts.last else { continue }
            switch first {
            case "list":
                finish(&section)
                list = rest
            case "command":
                finish(&section)
                (list, words) = (nil, [])
                let halves = Self.halves(String(line.dropFirst("command ".count)))
                bases.append(Base(command: halves.first.joined(separator: " "), arguments: halves.second))
            case "word":
                let pair = rest.split(separator: " ").map(String.init)
                words.append((pair[0], pair[1]))
            default:
                let lines = first == "use" ? lists[rest] ?? [] : [String(line)]
                if let list { lists[list, default: []] += lines } else { section += lines.map(replaced) }
            }
        }
        finish(&section)

        func replaced(_ line: String) -> String {
            words.reduce(line) { $0.replacing($1.name, with: $1.text) }
        }
    }

    /// Adds the entries of the last command; of two lines of one flag the later counts.
    private mutating func finish(_ section: inout [String]) {
        guard let base = bases.last else { return }
        var lineOfFlag: [String: String] = [:]
        for line in section { lineOfFlag[line.split(separator: " ").first.map(String.init) ?? ""] = line }
        entries += lineOfFlag.sorted { $0.key < $1.key }.map { Self.entry($0.value, base) }
        section = []
    }

    fileprivate static func entry(_ line: String, _ base: Base) -> Entry {
        let (given, more) = halves(line)
        let flag = given[0]
        guard !given.contains("!") else {
            return Entry(command: base.command, flag: flag, runs: nil, line: line)
        }
        var arguments = base.arguments
        var added: [String] = []
        for word in more {
            let pair = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            if pair.count == 2, pair[1].isEmpty {
                arguments = without(pair[0], arguments)
            } else if pair.count == 2, !word.hasPrefix("--") {
                arguments = arguments.map { $0 == pair[0] ? pair[1] : $0 }
            } else {
                added.append(word)
            }
        }
        arguments += added
        let isLeftOut = given.count == 1 && arguments.contains(flag)
        return Entry(
            command: base.command, flag: flag,
            runs: isLeftOut ? (arguments, without(flag, arguments)) : (arguments + given, arguments),
            line: line)
    }

    /// Returns the arguments without a flag and its values.
    private static func without(_ flag: String, _ arguments: [String]) -> [String] {
        var isLeftOut = false
        return arguments.filter { argument in
            if argument.hasPrefix("--") { isLeftOut = argument == flag }
            return !isLeftOut
        }
    }

    private static func halves(_ line: String) -> (first: [String], second: [String]) {
        let parts = line.split(separator: "|", maxSplits: 1).map { $0.split(separator: " ").map(String.init) }
        return (parts[0], parts.count > 1 ? parts[1] : [])
    }
}
