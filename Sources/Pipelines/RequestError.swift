/// The error of a request that does not fit the model or the input: a mistake of the caller, not of the data.
public struct RequestError: Error, Hashable, CustomStringConvertible {
    /// The mismatch, and what to do about it.
    public let description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
}
