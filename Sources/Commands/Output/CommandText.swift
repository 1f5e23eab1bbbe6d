import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetTraining

/// The command line of this process, as a person would type it.
enum CommandText {
    /// Returns the command that trains what a choice among candidates took, without the choice.
    ///
    /// - Parameter halfLife: the chosen half-life of snapshots; nil where none was chosen.
    /// - Parameter isTuned: true where a search has chosen all settings of the point.
    static func repeating(
        _ point: SearchPoint, halfLife: HalfLifeChoice? = nil, isTuned: Bool = false
    ) -> String {
        repeating(
            point, halfLife: halfLife, isTuned: isTuned, arguments: Array(CommandLine.arguments.dropFirst()))
    }

    /// The flags that the repeated command has values of its own for.
    private static let searchFlags: VerbatimSet = [
        "--model", "--tune", "--tune-trials", "--tune-metric", "--tune-kinds",
    ]

    /// Returns `limpet` with the arguments, but for the kind of model and the pairs, which are those of a
    /// point.
    static func repeating(
        _ point: SearchPoint, halfLife: HalfLifeChoice? = nil, isTuned: Bool = false, arguments: [String]
    ) -> String {
        var words = ["limpet"]
        var skips = false
        for argument in arguments {
            let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init) ?? argument
            if searchFlags.contains(name) {
                skips = !argument.utf8.contains(UInt8(ascii: "="))
            } else if skips, !argument.utf8.starts(with: "--".utf8) {
                // Kinds of a search may be several.
                skips = Model.Kind(rawValue: argument) != nil
            } else {
                skips = false
                words.append(quoted(argument))
            }
        }
        words += ["--model", point.kind.rawValue]
        if case .chosen? = point.pairs,
            !arguments.contains(where: { $0 == "--pairs" || $0.utf8.starts(with: "--pairs=".utf8) })
        {
            words += ["--pairs", "auto"]
        }
        for (flag, value) in [
            ("--learning-rate", point.learningRate.map { Format.short($0) }),
            ("--bins", point.maximumBins.map { "\($0)" }),
            ("--minimum-users", point.minimumUsers.map { Format.short($0) }),
            ("--step-l2", point.stepL2.map { Format.short($0) }),
            ("--l1-ratio", point.l1Ratio.map { Format.short($0) }),
            ("--bags", point.bags.flatMap { $0 > 1 ? "\($0)" : nil }),
        ] where isTuned && !words.contains(flag) {
            if let value { words += [flag, value] }
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
