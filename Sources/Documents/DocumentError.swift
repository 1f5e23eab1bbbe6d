/// A document that does not say what it should.
public struct DocumentError: Error, Hashable, CustomStringConvertible {
    /// Where, e.g. `features[3].window`; empty for the whole document.
    public let path: String
    /// What is wrong.
    public let problem: String

    /// Makes an error.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// The path and the problem.
    public var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
}
