import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct StumpBoosterTests {
    private func booster(_ data: TrainingData, _ settings: StumpSettings) -> StumpBooster {
        StumpBooster(
            BinnedData(data, maximumBins: settings.maximumBins), labels: data.labels,
            userShares: data.userShares, settings: settings)
    }

    private func settings(
        l2: Double = 1, learningRate: Double = 0.1, minimumUsers: Double = 0
    ) -> StumpSettings {
        var settings = StumpSettings()
        settings.l2 = l2
        settings.learningRate = learningRate
        settings.minimumUsers = minimumUsers
        settings.form = .plain
        return settings
    }

    private func distance(_ left: [Double], _ right: [Double]) -> Double {
        left.count == right.count ? zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }

    // MARK: - By hand

    @Test("one round is that of paper and pencil")
    func oneRoundIsThatOfPaperAndPencil() throws {
        // p = 1/2 everywhere: on the left G = 3 · 1/2 and H = 3 · 1/4, on the right G = −1/2 · 3.
        let data = Samples.data(
            [("x", .numbers([1, 1, 1, 2, 2, 2]))], labels: [false, false, false, true, true, true])
        var booster = booster(data, settings(l2: 1, learningRate: 0.1))
        #expect(booster.intercept == 0)
        let round = booster.boost()
        let (input, values) = try #require(round)
        #expect(input == 0)
        let step = 0.1 * 1.5 / (0.75 + 1)
        #expect(distance(Array(values.prefix(2)), [-step, step]) < 1e-15)
        #expect(distance(booster.logOdds, [-step, -step, -step, step, step, step]) < 1e-15)
    }

    @Test("the second round starts from the first")
    func theSecondRoundStartsFromTheFirst() throws {
        let data = Samples.data(
            [("x", .numbers([1, 1, 1, 2, 2, 2]))], labels: [false, false, true, true, true, false])
        var booster = booster(data, settings(l2: 0.5, learningRate: 1))
        // On the left G = 1/2 + 1/2 − 1/2 and H = 3/4; the right mirrors it.
        _ = booster.boost()
        let first = 0.5 / (0.75 + 0.5)
        #expect(distance(booster.logOdds, [-first, -first, -first, first, first, first]) < 1e-15)
        _ = booster.boost()
        let p = 1 / (1 + exp(first))
        let second = first + (1 - 3 * p) * -1 / (3 * p * (1 - p) + 0.5)
        #expect(abs(booster.logOdds[5] - second) < 1e-8)
    }

    @Test("missing values go to the side that fits them", arguments: [true, false])
    func missingValuesGoToTheSideThatFitsThem(label: Bool) throws {
        let data = Samples.data(
            [("x", .numbers([1, 1, 1, 2, 2, 2, .nan, .nan]))],
            labels: [false, false, false, true, true, true, label, label])
        var booster = booster(data, settings())
        let round = booster.boost()
        let (_, values) = try #require(round)
        #expect(values[2] == (label ? values[1] : values[0]))
        #expect(values[0] < values[1])
    }

    @Test("missing values may be a side of their own")
    func missingValuesMayBeASideOfTheirOwn() throws {
        let data = Samples.data(
            [("x", .numbers([1, 1, 2, 2, .nan, .nan, .nan, .nan]))],
            labels: [false, true, false, true, true, true, true, true])
        var booster = booster(data, settings())
        let round = booster.boost()
        let (_, values) = try #require(round)
        #expect(Set(values.dropLast()).count == 1)
        #expect(values[2] > values[0])
    }

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
        var (ours, twin) = (booster(data, settings), Twin(data, settings))
        for _ in 0..<8 {
            _ = (ours.boost(), twin.boost())
            #expect(distance(ours.logOdds, twin.logOdds) < 1e-7)
        }
    }

    @Test("the intercept is the base rate")
    func theInterceptIsTheBaseRate() {
        let data = Samples.data([("x", .numbers([1, 2, 3, 4]))], labels: [true, false, false, false])
        #expect(abs(booster(data, settings()).intercept + log(3)) < 1e-15)
    }

    // MARK: - Against a reference implementation

    /// Boosting from the rows and the raw values, every split of every input tried anew in each round.
    private struct Twin {
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

        /// All ways of parting the rows by a column: for each row whether it goes to the left.
        private func splits(_ column: TrainingData.Column) -> [[Bool]] {
            switch column {
            case .numbers(let numbers):
                Set(numbers.filter { !$0.isNaN }).sorted().flatMap { border in
                    [true, false].map { missingLeft in
                        numbers.map { $0.isNaN ? missingLeft : $0 <= border }
                    }
                }
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
        var (ours, twin) = (booster(data, settings), Twin(data, settings))
        for round in 0..<25 {
            let (left, right) = (ours.boost(), twin.boost())
            #expect((left != nil) == (right != nil))
            #expect(distance(ours.logOdds, twin.logOdds) < 1e-7, "round \(round)")
        }
    }

    @Test("levels are parted as the best of all subsets", arguments: [0.0, 1, 30], 1...6)
    func levelsArePartedAsTheBestOfAllSubsets(l2: Double, levels: Int) throws {
        for seed in 1...3 {
            let data = table(rows: 90, seed: UInt64(40 + seed), levels: levels)
            let settings = settings(l2: l2, learningRate: 0.3)
            var (ours, twin) = (booster(data, settings), Twin(data, settings))
            for round in 0..<6 {
                let (left, right) = (ours.boost(), twin.boost())
                #expect((left != nil) == (right != nil))
                #expect(distance(ours.logOdds, twin.logOdds) < 1e-7, "seed \(seed), round \(round)")
            }
        }
    }

    @Test("every round lowers the loss")
    func everyRoundLowersTheLoss() throws {
        let data = Samples.additive(rows: 500, seed: 3).data
        var booster = booster(data, settings(minimumUsers: 20))
        var last = Double.infinity
        for _ in 0..<100 {
            _ = booster.boost()
            let loss = zip(booster.logOdds, data.labels).reduce(0.0) {
                $0 + log1p(exp($1.0)) - ($1.1 ? $1.0 : 0)
            }
            #expect(loss < last)
            last = loss
        }
    }

    // MARK: - Limits

    @Test("a split needs enough users, not rows")
    func aSplitNeedsEnoughUsersNotRows() {
        // A hundred rows of one user on the right, of a hundred users on the left.
        let numbers = (0..<200).map { $0 < 100 ? 1.0 : 2 }
        let labels = (0..<200).map { $0 >= 100 || $0 % 10 == 0 }
        let single = Samples.data(
            [("x", .numbers(numbers))], labels: labels, users: (0..<200).map { $0 < 100 ? Int32($0) : 100 })
        let many = Samples.data([("x", .numbers(numbers))], labels: labels)
        var (alone, crowd) = (
            booster(single, settings(minimumUsers: 2)), booster(many, settings(minimumUsers: 2))
        )
        let rounds = (alone.boost(), crowd.boost())
        #expect(rounds.0 == nil)
        #expect(rounds.1 != nil)
    }

    @Test("a split needs enough Hessian")
    func aSplitNeedsEnoughHessian() {
        var settings = settings()
        settings.minimumHessian = 0.6
        let data = Samples.data([("x", .numbers([1, 1, 2, 2]))], labels: [false, false, true, true])
        var ours = booster(data, settings)
        let none = ours.boost()
        #expect(none == nil)
        settings.minimumHessian = 0.5
        ours = booster(data, settings)
        let some = ours.boost()
        #expect(some != nil)
    }

    @Test(
        "where nothing can be learnt there is no round",
        arguments: [
            TrainingData.Column.numbers([5, 5, 5, 5]), .numbers([.nan, .nan, .nan, .nan]),
            .levels(names: ["a"], codes: [0, 0, 0, 0]), .levels(names: [], codes: [-1, -1, -1, -1]),
            .levels(names: [], codes: [0, 0, 0, 0]), .numbers([1, 2, 1, 2]),
        ])
    func whereNothingCanBeLearntThereIsNoRound(column: TrainingData.Column) {
        let data = Samples.data([("x", column)], labels: [true, true, false, false])
        var booster = booster(data, settings())
        let round = booster.boost()
        #expect(round == nil)
        #expect(booster.fit.terms.isEmpty)
        #expect(booster.logOdds == [0, 0, 0, 0])
    }

    // MARK: - The additive function

    @Test("the additive function is the ensemble")
    func theAdditiveFunctionIsTheEnsemble() throws {
        let sample = Samples.additive(rows: 800, seed: 9)
        var booster = booster(sample.data, settings(minimumUsers: 5))
        for _ in 0..<300 { _ = booster.boost() }
        let fit = booster.fit
        #expect(distance(fit.logOdds(of: sample.data), booster.logOdds) < 1e-11)
        #expect(fit.terms.count <= 4)
        for term in fit.terms {
            guard case .steps(let steps) = term.shape else { continue }
            #expect(steps.edges == steps.edges.sorted())
            #expect(steps.values.count == steps.edges.count + 1)
            #expect(zip(steps.values, steps.values.dropFirst()).allSatisfy { $0 != $1 })
        }
    }

    @Test("more levels than bins are no harm")
    func moreLevelsThanBinsAreNoHarm() throws {
        let names = (0..<300).map { "level \(1_000 + $0)" }
        let codes = (0..<3_000).map { Int32($0 % 301) - 1 }
        let data = Samples.data(
            [("x", .levels(names: names, codes: codes))], labels: codes.map { $0 % 3 == 0 })
        var booster = booster(data, settings(minimumUsers: 5))
        for _ in 0..<20 { _ = booster.boost() }
        #expect(booster.logOdds != [Double](repeating: booster.intercept, count: data.count))
        #expect(distance(booster.fit.logOdds(of: data), booster.logOdds) < 1e-11)
    }
}

extension StumpBooster {
    /// One round that looks at all rows.
    ///
    /// - Returns: the input that was split and what each of its bins gained; nil when nothing lowers the loss.
    mutating func boost() -> (input: Int, values: [Double])? {
        let made = blocks.count
        boostBlock(rounds: 1)
        guard blocks.count > made, case .step(let input, let values) = blocks[made] else { return nil }
        return (input, values)
    }
}
