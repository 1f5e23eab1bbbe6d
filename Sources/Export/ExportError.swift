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
    /// An input without a name, by its index.
    case emptyName(input: Int)
    /// Two names that an engine takes for one.
    case sameName(String, String, engine: String)
    /// An input with a name that an engine keeps for a column of its own.
    case engineName(input: String, engine: String)

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
        case .emptyName(let input):
            "input \(input + 1) has no name; train with a table whose header names it"
        case .sameName(let first, let second, let engine):
            "\(engine) takes the columns \(first.quoted) and \(second.quoted) for one, which differ in "
                + "\(engine == "postgres" ? "no byte of the first 63" : "case alone"); train with a table "
                + "that calls one of them something else"
        case .engineName(let input, let engine):
            "an input has the name \(input.quoted), which \(engine) keeps for a column of its own; train "
                + "with a table that calls it something else"
        }
    }
}
