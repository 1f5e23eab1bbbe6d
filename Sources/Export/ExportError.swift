import LimpetDocuments
import LimpetEvents

/// The reason why a model cannot be exported.
public enum ExportError: Error, Hashable, CustomStringConvertible {
    /// The model has no inputs, so that there are no rows to score.
    case noInputs
    /// A text that cannot be written in C.
    case unwritableText(text: String, problem: String)
    /// A prefix that is not valid for names in C.
    case invalidPrefix(String)
    /// An input without a name, or with the name of an output.
    case reservedName(input: String, outputs: [String])

    /// The problem: what was found and what was expected.
    public var description: String {
        switch self {
        case .noInputs: "the model has no inputs; expected at least one, of which rows can be made"
        case .unwritableText(let text, let problem):
            "the text \(text.quoted) cannot be written in C: \(problem)"
        case .invalidPrefix(let prefix):
            "found the prefix \(prefix.quoted), expected a letter, then letters, "
                + "digits and _, at most 60 of them"
        case .reservedName(let input, let outputs):
            "an input has the name \(input.quoted); expected one that is not empty "
                + "and none of the outputs' names, "
                + outputs.joined(separator: ", ")
        }
    }
}
