/// An error in the content of a document, with the path of the value.
public struct DocumentError: Error, Hashable, CustomStringConvertible {
    /// The path of the value, e.g. `features[3].window`; empty for the whole document.
    public let path: String
    /// A description of the error, without the path.
    public let problem: String

    /// Makes an error.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// The path and the problem.
    public var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
}
