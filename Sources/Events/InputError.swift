/// A place in an input, as far as it is known: file, line and field.
public struct InputPlace: Hashable, Sendable, CustomStringConvertible {
    /// The file's name, `-` for standard input.
    public var file: String
    /// The line, from 1; nil when the error concerns the whole file.
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

/// An error in an input: its place, the value found and the value expected.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place of the error.
    public var place: InputPlace
    /// A sentence that names the value found and the value expected.
    public var problem: String

    /// Makes an error about one place of the input.
    public init(_ place: InputPlace, _ problem: String) {
        self.place = place
        self.problem = problem
    }

    /// The place and the problem in one line.
    public var description: String { "\(place): \(problem)" }
}
