import LimpetDocuments
import LimpetEvents

/// Why a model cannot be written in another form.
public enum ExportError: Error, Hashable, CustomStringConvertible {
    /// The model has no inputs, so a row of it has nothing to be read from.
    case noInputs
    /// A text cannot be written in C.
    case unwritableText(text: String, problem: String)
    /// A prefix is no start of names in C.
    case invalidPrefix(String)
    /// An input has no name, or the name of an output.
    case reservedName(input: String, outputs: [String])

    /// What is wrong, what was found and what was expected.
    public var description: String {
        switch self {
        case .noInputs: "the model has no inputs; expected at least one, of which rows can be made"
        case .unwritableText(let text, let problem):
            "the text \(text.quoted) cannot be written in C: \(problem)"
        case .invalidPrefix(let prefix):
            "found the prefix \(prefix.quoted), expected a letter, then letters, digits and _, at most 60 of them"
        case .reservedName(let input, let outputs):
            "an input has the name \(input.quoted); expected one that is not empty and none of the outputs' names, "
                + outputs.joined(separator: ", ")
        }
    }
}
