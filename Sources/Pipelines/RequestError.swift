/// A request that does not fit the model or the input that it was made of: a mistake of the caller, not of the data.
public struct RequestError: Error, Hashable, CustomStringConvertible {
    /// What does not fit, and what to do.
    public let description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
}
