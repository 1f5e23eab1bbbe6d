/// Where in the input something stands, as far as it is known.
public struct InputPlace: Hashable, Sendable, CustomStringConvertible {
    /// The file's name, `-` for standard input.
    public var file: String
    /// The line, from 1; nil when the whole file is meant.
    public var line: Int?
    /// The column or key.
    public var field: String?

    /// Makes a place.
    public init(file: String, line: Int? = nil, field: String? = nil) {
        self.file = file
        self.line = line
        self.field = field
    }

    /// `file:line: field`, as compilers print it.
    public var description: String {
        let position = file + (line.map { ":\($0)" } ?? "")
        return position + (field.map { ": \($0)" } ?? "")
    }
}

/// Input that does not say what it should: where, what was found and what was expected.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where it stands.
    public var place: InputPlace
    /// What is wrong, as a sentence that contains what was found and what was expected.
    public var problem: String

    /// Makes an error about one place of the input.
    public init(_ place: InputPlace, _ problem: String) {
        self.place = place
        self.problem = problem
    }

    /// The place and the problem in one line.
    public var description: String { "\(place): \(problem)" }
}
