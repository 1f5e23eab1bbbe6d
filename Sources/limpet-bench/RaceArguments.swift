/// A race's name and its `--flag value` pairs.
struct RaceArguments {
    let race: String
    private var values: [String: String] = [:]

    init(_ arguments: [String]) throws(RaceError) {
        race = arguments.first ?? ""
        var rest = arguments.dropFirst()
        while let flag = rest.popFirst() {
            guard flag.hasPrefix("--"), let value = rest.popFirst() else {
                throw RaceError("expected --flag value, found \(flag)")
            }
            values[String(flag.dropFirst(2))] = value
        }
    }

    /// Throws on unknown flags, since a race with other work than requested would be void.
    func allowOnly(_ flags: [String]) throws(RaceError) {
        if let other = values.keys.sorted().first(where: { !flags.contains($0) }) {
            throw RaceError(
                "--\(other) is unknown; known are \(flags.map { "--" + $0 }.joined(separator: " "))")
        }
    }

    func text(_ flag: String) throws(RaceError) -> String {
        guard let text = values[flag] else { throw RaceError("--\(flag) is missing") }
        return text
    }

    func text(_ flag: String, default text: String) -> String { values[flag] ?? text }

    func number(_ flag: String, default number: Double) throws(RaceError) -> Double {
        guard let text = values[flag] else { return number }
        guard let number = Double(text) else { throw RaceError("--\(flag) \(text) is no number") }
        return number
    }

    func count(_ flag: String, default count: Int) throws(RaceError) -> Int {
        Int(try number(flag, default: Double(count)))
    }
}
