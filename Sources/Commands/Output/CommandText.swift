import LimpetEvents
import LimpetScoring
import LimpetTraining

/// The command line of this process, as a person would type it.
enum CommandText {
    /// Returns the command that trains what a choice among candidates took, without the choice.
    ///
    /// - Parameter halfLife: the chosen half-life of snapshots; nil where none was chosen.
    static func repeating(_ point: SearchPoint, halfLife: HalfLifeChoice? = nil) -> String {
        repeating(point, halfLife: halfLife, arguments: Array(CommandLine.arguments.dropFirst()))
    }

    /// Returns `limpet` with the arguments, but for the kind of model and the pairs, which are those of a
    /// point.
    static func repeating(
        _ point: SearchPoint, halfLife: HalfLifeChoice? = nil, arguments: [String]
    ) -> String {
        var words = ["limpet"]
        var skips = false
        for argument in arguments {
            if skips {
                skips = false
            } else if argument == "--model" {
                skips = true
            } else if !argument.utf8.starts(with: "--model=".utf8) {
                words.append(quoted(argument))
            }
        }
        words += ["--model", point.kind.rawValue]
        if case .chosen? = point.pairs,
            !arguments.contains(where: { $0 == "--pairs" || $0.utf8.starts(with: "--pairs=".utf8) })
        {
            words += ["--pairs", "auto"]
        }
        if let halfLife { words += ["--half-life", halfLife.halfLife?.description ?? "none"] }
        return words.joined(separator: " ")
    }

    /// Returns a word in quotes where a shell would not leave it as it is.
    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy {
            ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x2b && $0 <= 0x3a) || $0 == 0x5f || $0 == 0x3d
                || $0 > 0x7f || $0 == 0x40 || $0 == 0x25
        }
        guard !plain || word.isEmpty else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}
