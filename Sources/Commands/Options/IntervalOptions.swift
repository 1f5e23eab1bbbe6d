import ArgumentParser
import LimpetEvaluation

/// The flags of confidence intervals.
struct IntervalOptions: ParsableArguments {
    @Option(help: "How many times users are drawn for the intervals of 95 %; 0 for none.")
    var bootstrap = 200

    @Option(help: "Decides the draws: the same seed gives the same intervals (default: 1).")
    var seed: UInt64?

    /// The bootstrap that the flags describe; nil when no intervals are wanted.
    var parsed: Bootstrap? { bootstrap > 0 ? Bootstrap(replicates: bootstrap, seed: seed ?? 1) : nil }

    func validate() throws {
        guard (0...100_000).contains(bootstrap) else {
            throw ValidationError("--bootstrap is \(bootstrap), expected a number from 0 to 100000")
        }
        guard bootstrap > 0 || seed == nil else {
            throw ValidationError("--seed does nothing here: with --bootstrap 0 nothing is drawn")
        }
    }
}
