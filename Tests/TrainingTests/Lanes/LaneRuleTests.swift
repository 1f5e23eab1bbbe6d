import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// What settings and weights ask for holds in lanes as it does in models that are boosted by themselves.
@Suite struct LaneRuleTests {
    /// Lanes of three folds and of all rows.
    private func lanes(
        _ binned: BinnedData, _ data: TrainingData, groups: [Int32]? = nil,
        settings: StumpSettings = StumpSettings()
    ) -> LaneBooster {
        LaneBooster(
            binned, plan: .folds(3), groupOfRow: groups ?? data.users.map { $0 % 3 }, labels: data.labels,
            weights: LaneWeights(ofRow: data.weights), offsets: nil, userShares: data.userShares,
            settings: settings, threads: 2)
    }

    private let whole = 3

    /// The additive sample behind an input that never changes, so that inputs and those that lanes may split
    /// have different numbers.
    private func sample(rows: Int, seed: UInt64) -> TrainingData {
        let data = Samples.additive(rows: rows, seed: seed).data
        let constant = (name: "constant", column: TrainingData.Column.numbers(data.labels.map { _ in 1 }))
        return Samples.data(
            [constant] + zip(data.inputs, data.columns).map { (name: $0.name, column: $1) },
            labels: data.labels)
    }

    @Test("steps keep the direction of their input", arguments: [-1, 1])
    func directions(direction: Int) {
        let data = sample(rows: 3_000, seed: 17)
        var settings = StumpSettings()
        settings.directions = [1: direction, 2: direction]
        var booster = lanes(BinnedData(data, maximumBins: 255), data, settings: settings)
        booster.boost(upTo: 300)
        for lane in 0...whole {
            let fit = booster.fit(lane, after: 300)
            for term in fit.terms where term.input == 1 || term.input == 2 {
                guard case .steps(let steps) = term.shape else { continue }
                let rises = zip(steps.values, steps.values.dropFirst()).map { Double(direction) * ($1 - $0) }
                #expect(rises.allSatisfy { $0 >= -1e-9 })
            }
            // The truth rises with the second input.
            #expect(fit.terms.contains { $0.input == 2 } == (direction == 1))
        }
        let free = { () -> AdditiveFit in
            var booster = lanes(BinnedData(data, maximumBins: 255), data)
            booster.boost(upTo: 300)
            return booster.fit(whole, after: 300)
        }()
        let isFree = free.terms.contains { term in
            guard term.input == 1, case .steps(let steps) = term.shape else { return false }
            return zip(steps.values, steps.values.dropFirst()).contains { $0 > $1 + 0.1 }
        }
        #expect(isFree)
    }

    @Test("an L1 penalty keeps idle inputs out, and shrinks the others")
    func l1() {
        let data = sample(rows: 3_000, seed: 19)
        func fit(_ l1: Double) -> AdditiveFit {
            var settings = StumpSettings()
            settings.l1 = l1
            var booster = lanes(BinnedData(data, maximumBins: 255), data, settings: settings)
            booster.boost(upTo: 300)
            return booster.fit(whole, after: 300)
        }
        let (free, shrunk) = (fit(0), fit(40))
        #expect(free.terms.contains { $0.input == 3 } && !shrunk.terms.contains { $0.input == 3 })
        func span(_ fit: AdditiveFit) -> Double {
            let logOdds = fit.logOdds(of: data)
            return (logOdds.max() ?? 0) - (logOdds.min() ?? 0)
        }
        #expect(span(shrunk) > 0.3 && span(shrunk) < 0.8 * span(free))
    }

    /// Twenty users with a row in each of six bins, and 180 others with a row in a seventh.
    private var twentyUsers: TrainingData {
        let few = (0..<120).map { (user: Int32($0 / 6), x: Double($0 % 6), isPositive: true) }
        let many = (20..<200).map { (user: Int32($0), x: 6.0, isPositive: $0 % 4 == 0) }
        let rows = few + many
        return Samples.data(
            [("x", .numbers(rows.map(\.x)))], labels: rows.map(\.isPositive), users: rows.map(\.user))
    }

    @Test("just enough users are enough, however many bins and groups their rows are spread over")
    func justEnoughUsers() {
        let data = twentyUsers
        // Groups of 8, 8 and 4 of the twenty: 4/3, 4/3 and 2/3 users a bin.
        let groups = data.users.map { $0 < 20 ? $0 / 8 : $0 % 3 }
        for (least, isSplit) in [(20.0, true), (21, false)] {
            var settings = StumpSettings()
            settings.minimumUsers = least
            var booster = lanes(
                BinnedData(data, maximumBins: 255), data, groups: groups, settings: settings)
            booster.boost(upTo: 8)
            let logOdds = booster.fit(whole, after: 8).logOdds(of: data)
            #expect((logOdds[0] > logOdds[199] + 0.1) == isSplit)
        }
    }

    @Test("users whom a bag has not drawn are none of a split's")
    func usersOfBags() {
        let data = twentyUsers
        // The second bag lacks one of the twenty, and has another one twice.
        let draws = [
            data.users.map { _ in UInt8(1) }, data.users.map { $0 == 0 ? 0 : $0 == 1 ? 2 : 1 },
            data.users.map { $0 == 30 ? 0 : 1 },
        ]
        var booster = LaneBooster(
            BinnedData(data, maximumBins: 255), plan: .bags(3), groupOfRow: data.users.map { _ in 0 },
            labels: data.labels, weights: LaneWeights(ofRow: nil, draws: draws), offsets: nil,
            userShares: data.userShares, settings: StumpSettings(), threads: 2)
        booster.boost(upTo: 8)
        let isSplit = (0..<3).map { lane in
            let logOdds = booster.fit(lane, after: 8).logOdds(of: data)
            return logOdds[0] > logOdds[199] + 0.1
        }
        #expect(isSplit == [true, false, true])
    }

    @Test("a weight of two is a row twice")
    func weightsAreRows() {
        let once = sample(rows: 3_000, seed: 16)
        let data = once.with(weights: once.labels.indices.map { Double(1 + $0 % 3) })
        let rows = once.labels.indices.flatMap { [Int](repeating: $0, count: 1 + $0 % 3) }
        let repeated = once.selecting(rows)
        let binned = BinnedData(once, maximumBins: 64)
        var (left, right) = (lanes(binned, data), lanes(binned.selecting(rows), repeated))
        for rounds in [40, 100] {
            left.boost(upTo: rounds)
            right.boost(upTo: rounds)
            for lane in 0...whole {
                let pairs = zip(
                    left.fit(lane, after: rounds).logOdds(of: once),
                    right.fit(lane, after: rounds).logOdds(of: once))
                #expect(pairs.allSatisfy { abs($0 - $1) < 1e-6 })
            }
        }
    }

    @Test("weights of any size are weights", arguments: [1e-300, 1e-31, 0.3, 1e12])
    func weightsOfAnySize(weight: Double) {
        let once = sample(rows: 3_000, seed: 16)
        let data = once.with(weights: once.labels.map { _ in weight })
        let binned = BinnedData(once, maximumBins: 64)
        var settings = StumpSettings()
        var plain = lanes(binned, once, settings: settings)
        (settings.l2, settings.minimumHessian) = (settings.l2 * weight, settings.minimumHessian * weight)
        var booster = lanes(binned, data, settings: settings)
        #expect(abs(booster.trainingLoss(whole) / plain.trainingLoss(whole) / weight - 1) < 1e-6)
        plain.boost(upTo: 40)
        booster.boost(upTo: 40)
        #expect(booster.trainingLoss(whole).isFinite)
        // Gains of almost nothing are none: so little weight leaves the constant.
        let isAlmostNothing = weight < 1e-20
        let fit = booster.fit(whole, after: 40)
        #expect(fit.terms.isEmpty == isAlmostNothing)
        guard !isAlmostNothing else { return }
        #expect(abs(booster.trainingLoss(whole) / plain.trainingLoss(whole) / weight - 1) < 1e-4)
    }
}
