/// The lines on which a value and all values in it begin. A path is resolved only for an error message:
/// storing the paths of all values would take memory in proportion to the length of the names at every level.
struct YAMLLines: Sendable {
    private let line: Int?
    private let members: [(name: String, lines: YAMLLines)]
    private let elements: [YAMLLines]

    init(line: Int?, members: [(name: String, lines: YAMLLines)] = [], elements: [YAMLLines] = []) {
        self.line = line
        self.members = members
        self.elements = elements
    }

    /// Returns the line of a path such as `features[3].window`, or of the closest value that contains it.
    func line(of path: String) -> Int? { find(path.utf8[...]) ?? line }

    private func find(_ path: Substring.UTF8View) -> Int? {
        guard let first = path.first else { return line }
        return first == UInt8(ascii: "[") && !elements.isEmpty ? element(path) : member(path)
    }

    private func element(_ path: Substring.UTF8View) -> Int? {
        guard let end = path.firstIndex(of: UInt8(ascii: "]")),
            let index = Int(Substring(path.prefix(upTo: end).dropFirst())), elements.indices.contains(index)
        else { return line }
        return elements[index].find(Self.step(path[end...].dropFirst())) ?? line
    }

    /// Finds a member. Names may contain points: the longest name that the path begins with is used.
    private func member(_ path: Substring.UTF8View) -> Int? {
        let fitting = members.filter { name, _ in
            guard path.starts(with: name.utf8) else { return false }
            let next = path.dropFirst(name.utf8.count).first
            return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
        }
        guard let found = fitting.max(by: { $0.name.utf8.count < $1.name.utf8.count }) else { return line }
        return found.lines.find(Self.step(path.dropFirst(found.name.utf8.count))) ?? line
    }

    /// Removes the point between two names.
    private static func step(_ rest: Substring.UTF8View) -> Substring.UTF8View {
        rest.first == UInt8(ascii: ".") ? rest.dropFirst() : rest
    }
}
