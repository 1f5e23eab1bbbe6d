import Foundation
import LimpetTestSupport
import LimpetTraining
import Testing

extension StumpBoosterTests {
    @Test("little levels stand where their share of labels puts them")
    func littleLevelsStandWhereTheirShareOfLabelsPutsThem() throws {
        // Three little levels of ones only, and two large ones. The penalty draws the little levels' values
        // towards 0, and must not draw them among the others.
        let shares = [(200, 125), (1, 1), (60, 40), (8, 8), (4, 4)]
        let codes = shares.indices.flatMap { [Int32](repeating: Int32($0), count: shares[$0].0) }
        let labels = shares.flatMap { rows, positives in (0..<rows).map { $0 < positives } }
        let data = Samples.data(
            [("x", .levels(names: ["a", "b", "c", "d", "e"], codes: codes))], labels: labels)
        let settings = settings(l2: 10, learningRate: 1)
        var (ours, reference) = (booster(data, settings), ReferenceBooster(data, settings))
        for _ in 0..<8 {
            _ = (ours.boost(), reference.boost())
            #expect(distance(ours.logOdds, reference.logOdds) < 1e-7)
        }
    }

    // MARK: - Against a reference implementation

    /// Boosting from the rows and the raw values, every split of every input tried anew in each round.
    private struct ReferenceBooster {
        let data: TrainingData
        let settings: StumpSettings
        var logOdds: [Double]

        init(_ data: TrainingData, _ settings: StumpSettings) {
            self.data = data
            self.settings = settings
            let share = Double(data.labels.count { $0 }) / Double(data.count)
            logOdds = data.labels.map { _ in log(share / (1 - share)) }
        }

        mutating func boost() -> Double? {
            let p = logOdds.map { 1 / (1 + exp(-$0)) }
            let gradients = zip(p, data.labels).map { $0 - ($1 ? 1 : 0) }
            let hessians = p.map { $0 * (1 - $0) }
            var best: (gain: Double, isLeft: [Bool])?
            for side in data.columns.flatMap(splits) {
                let left = data.labels.indices.filter { side[$0] }
                let right = data.labels.indices.filter { !side[$0] }
                guard !left.isEmpty, !right.isEmpty, users(left) >= settings.minimumUsers - 1e-9,
                    users(right) >= settings.minimumUsers - 1e-9
                else { continue }
                let all = Array(data.labels.indices)
                let gain = [left, right].reduce(-score(all, gradients, hessians)) {
                    $0 + score($1, gradients, hessians)
                }
                if gain > best?.gain ?? 1e-12 { best = (gain, side) }
            }
            guard let best else { return nil }
            for isLeft in [true, false] {
                let rows = data.labels.indices.filter { best.isLeft[$0] == isLeft }
                let (g, h) = sums(rows, gradients, hessians)
                for row in rows { logOdds[row] -= settings.learningRate * g / (h + settings.l2) }
            }
            return best.gain
        }

        /// All ways to split the rows by a column: for each row whether it goes to the left.
        private func splits(_ column: TrainingData.Column) -> [[Bool]] {
            switch column {
            case .numbers(let numbers):
                Set(numbers.filter { !$0.isNaN }).sorted().flatMap { border in
                    [true, false].map { missingLeft in
                        numbers.map { $0.isNaN ? missingLeft : $0 <= border }
                    }
                }
            case .bytes: preconditionFailure("the reference reads numbers and levels")
            case .levels(let names, let codes):
                (0..<1 << (names.count + 2)).map { subset in
                    codes.map { code in subset >> (Int(code) + 1) & 1 == 1 }
                }
            }
        }

        private func sums(_ rows: [Int], _ g: [Double], _ h: [Double]) -> (Double, Double) {
            (rows.reduce(0) { $0 + g[$1] }, rows.reduce(0) { $0 + h[$1] })
        }

        private func score(_ rows: [Int], _ g: [Double], _ h: [Double]) -> Double {
            let (g, h) = sums(rows, g, h)
            return g * g / (h + settings.l2)
        }

        private func users(_ rows: [Int]) -> Double {
            let shares = data.userShares
            return rows.reduce(0) { $0 + shares[$1] }
        }
    }

    /// Few distinct values, so that each has its bin; some are missing.
    private func table(rows: Int, seed: UInt64, levels: Int = 0) -> TrainingData {
        var uniforms = Uniforms(seed: seed)
        var columns: [(String, TrainingData.Column)] = []
        var signal = [Double](repeating: 0, count: rows)
        for index in 0..<3 {
            let numbers = (0..<rows).map { row in
                let x = (uniforms.normal() * 3).rounded() / 2
                signal[row] += x * Double(index) / 2
                return uniforms.next() < 0.1 * Double(index) ? .nan : x
            }
            columns.append(("x\(index)", .numbers(numbers)))
        }
        if levels > 0 {
            // Codes from −1, missing, to the level without a name.
            let codes = (0..<rows).map { _ in
                Int32((pow(uniforms.next(), 2) * Double(levels + 2)).rounded(.down)) - 1
            }
            for row in 0..<rows { signal[row] += 2 * sin(Double(codes[row]) * 2) }
            columns =
                [("level", .levels(names: (0..<levels).map { "l\($0)" }, codes: codes))] + columns.suffix(1)
        }
        let labels = signal.map { uniforms.next() < 1 / (1 + exp(0.5 - $0)) }
        return Samples.data(columns, labels: labels)
    }

    @Test("each round takes the best split there is", arguments: [0.0, 1, 30], [0.0, 15])
    func eachRoundTakesTheBestSplitThereIs(l2: Double, minimumUsers: Double) throws {
        let data = table(rows: 120, seed: 21)
        let settings = settings(l2: l2, learningRate: 0.3, minimumUsers: minimumUsers)
        var (ours, reference) = (booster(data, settings), ReferenceBooster(data, settings))
        for round in 0..<25 {
            let (left, right) = (ours.boost(), reference.boost())
            #expect((left != nil) == (right != nil))
            #expect(distance(ours.logOdds, reference.logOdds) < 1e-7, "round \(round)")
        }
    }

    @Test("levels are split as the best of all subsets", arguments: [0.0, 1, 30], 1...6)
    func levelsAreSplitAsTheBestOfAllSubsets(l2: Double, levels: Int) throws {
        for seed in 1...3 {
            let data = table(rows: 90, seed: UInt64(40 + seed), levels: levels)
            let settings = settings(l2: l2, learningRate: 0.3)
            var (ours, reference) = (booster(data, settings), ReferenceBooster(data, settings))
            for round in 0..<6 {
                let (left, right) = (ours.boost(), reference.boost())
                #expect((left != nil) == (right != nil))
                #expect(distance(ours.logOdds, reference.logOdds) < 1e-7, "seed \(seed), round \(round)")
            }
        }
    }
}
