import LimpetEvents
import LimpetScoring

extension TrainingSummary {
    /// The distribution of training rows: in a term's own bins where it has some, else in about ten.
    init(_ data: TrainingData, fit: AdditiveFit, logOdds: [Double]) {
        let distributions = data.columns.enumerated().map { input, column in
            Self.distribution(of: column, shape: fit.terms.first { $0.input == input }?.shape)
        }
        self.init(
            rows: data.count, users: Set(data.users).count, positives: data.labels.count { $0 },
            snapshots: data.times.flatMap { times in
                times.min().flatMap { first in times.max().map { first...$0 } }
            },
            inputs: distributions,
            logOdds: Self.counts(logOdds, edges: BinEdges.edges(of: logOdds, maximumBins: 20)))
    }

    private static func distribution(
        of column: TrainingData.Column, shape: Term.Shape?
    ) -> Distribution {
        switch column {
        case .numbers(let numbers):
            if case .steps(let steps) = shape { return counts(numbers, edges: steps.edges) }
            return counts(numbers, edges: BinEdges.edges(of: numbers, maximumBins: 10))
        case .levels(let names, let codes):
            var counts = [Int](repeating: 0, count: names.count + 1)
            var missing = 0
            for code in codes {
                if code < 0 { missing += 1 } else { counts[min(Int(code), names.count)] += 1 }
            }
            return Distribution(levels: names, counts: counts, missing: missing)
        }
    }

    private static func counts(_ numbers: [Double], edges: [Double]) -> Distribution {
        let steps = Term.Steps(edges: edges, values: [])
        var counts = [Int](repeating: 0, count: edges.count + 1)
        var missing = 0
        for number in numbers {
            if number.isNaN { missing += 1 } else { counts[steps.bin(number)] += 1 }
        }
        return Distribution(edges: edges, counts: counts, missing: missing)
    }
}
