import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct StumpBoosterTests {
    func booster(_ data: TrainingData, _ settings: StumpSettings) -> StumpBooster {
        StumpBooster(
            BinnedData(data, maximumBins: settings.maximumBins), labels: data.labels,
            userShares: data.userShares, settings: settings)
    }

    func settings(
        l2: Double = 1, learningRate: Double = 0.1, minimumUsers: Double = 0
    ) -> StumpSettings {
        var settings = StumpSettings()
        settings.l2 = l2
        settings.learningRate = learningRate
        settings.minimumUsers = minimumUsers
        settings.form = .plain
        return settings
    }

    func distance(_ left: [Double], _ right: [Double]) -> Double {
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

    @Test("the intercept is the base rate")
    func theInterceptIsTheBaseRate() {
        let data = Samples.data([("x", .numbers([1, 2, 3, 4]))], labels: [true, false, false, false])
        #expect(abs(booster(data, settings()).intercept + log(3)) < 1e-15)
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
