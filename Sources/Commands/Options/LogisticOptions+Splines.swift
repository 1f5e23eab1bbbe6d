import LimpetDocuments
import ArgumentParser
import LimpetScoring
import LimpetTraining

extension LogisticOptions {
    /// The word that stands for all numeric inputs.
    private static let all = "all"

    /// Checks the flags of splines, as far as that is possible without the data.
    func checkSplines() throws {
        let counts = LogisticSettings.Splines.knotCounts
        guard counts.contains(splineKnots ?? counts.lowerBound) else {
            throw ValidationError("--spline-knots must be from \(counts.lowerBound) to \(counts.upperBound)")
        }
        if splines.isEmpty {
            try UnusedFlags.refuse(
                [("--spline-knots", splineKnots != nil)], because: "it goes with --splines")
        }
        guard !splines.contains(Self.all) || splines.count == 1 else {
            throw ValidationError("--splines all names all numbers already: leave the other names out")
        }
        let signed = nonNegative + nonPositive
        if let name = signed.first(where: { splines == [Self.all] || splines.contains($0) }) {
            throw ValidationError(
                "--splines and --non-negative or --non-positive both name \(name): a curve has no single "
                    + "coefficient that could keep a sign")
        }
    }

    var splineSettings: LogisticSettings.Splines {
        guard !splines.isEmpty else { return LogisticSettings.Splines() }
        let names = LogisticSettings.Splines.Inputs.named(VerbatimSet(splines))
        return LogisticSettings.Splines(
            splines == [Self.all] ? .allNumbers : names, knots: splineKnots ?? 5)
    }

    /// Checks that the inputs named exist.
    func checkSplines(inputs: [Model.Input]) throws {
        guard splines != [Self.all] else { return }
        for name in splines {
            guard let input = inputs.first(where: { $0.name.isVerbatim(name) }) else {
                let numbers = inputs.filter { !$0.isCategorical }.map(\.name)
                let text = numbers.prefix(8).joined(separator: ", ")
                throw ValidationError(
                    "--splines \(name): there is no such input"
                        + Suggestion.text(for: name, among: numbers) + "; the first numbers are \(text)")
            }
            guard !input.isCategorical else {
                throw ValidationError(
                    "--splines \(name): a category has a value for each level and needs no spline: leave it "
                        + "out")
            }
        }
    }
}
