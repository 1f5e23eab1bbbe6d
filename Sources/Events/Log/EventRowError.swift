import LimpetDocuments

/// The reason why a row cannot be part of a log.
public enum EventRowError: Error, Equatable, CustomStringConvertible {
    /// More different event names than a log may have.
    case tooManyEventNames(limit: Int)
    /// More different properties than a log may have when all properties are kept.
    case tooManyProperties(limit: Int)
    /// A property that is summed, but does not hold a decimal number of the stated size.
    case notAnAmount(property: String, text: String, decimals: Int)

    /// The value found and the value expected.
    public var description: String {
        switch self {
        case .tooManyEventNames(let limit):
            "more than \(limit) different event names; is the event column the right one?"
        case .tooManyProperties(let limit):
            "more than \(limit) different properties; name those to keep in a feature set"
        case .notAnAmount(let property, let text, let decimals):
            "\(property) is \(text.quoted), expected a decimal number below 2^53 units of 10^-\(decimals)"
        }
    }
}
