/// The error of a configuration file, such as a feature set, that is not valid.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The file, the place in it, and what was expected.
    public let description: String

    /// Makes an error with the description of another.
    public init(_ error: any Error) { description = "\(error)" }
}
