import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Boosting on the quadratic model of the loss, compared with rounds that read all rows.
@Suite struct GramBoostingTests {
    private func settings(_ form: StumpSettings.Form, rounds: Int) -> StumpSettings {
        var settings = StumpSettings()
        settings.form = form
        settings.maximumRounds = rounds
        return settings
    }

    private func boosted(
        _ data: TrainingData, _ settings: StumpSettings, weights: [Float]? = nil, threads: Int = 1
    ) -> StumpBooster {
        var booster = StumpBooster(
            BinnedData(data, maximumBins: settings.maximumBins, threads: threads), labels: data.labels,
            weights: weights, userShares: data.userShares, settings: settings, threads: threads)
        booster.boost(upTo: settings.maximumRounds)
        return booster
    }

    private func logLoss(_ fit: AdditiveFit, _ data: TrainingData) -> Double {
        let scores = fit.logOdds(of: data)
        let sum = zip(scores, data.labels).reduce(0.0) { $0 + log1p(exp($1.0)) - ($1.1 ? $1.0 : 0) }
        return sum / Double(data.count)
    }

    /// Counts of 7, 30, 60 and 90 days: each window holds the ones before it, so that columns are nearly
    /// equal.
    private func nested(rows: Int, seed: UInt64, baseRate: Double) -> TrainingData {
        var uniforms = Uniforms(seed: seed)
        var columns = [[Double]](repeating: [], count: 12)
        var labels: [Bool] = []
        for _ in 0..<rows {
            var eta = log(baseRate / (1 - baseRate))
            for type in 0..<3 {
                let rate = exp(uniforms.normal())
                var count = 0.0
                for (place, days) in [7.0, 23, 30, 30].enumerated() {
                    count += (rate * days / 20 * uniforms.next() * 2).rounded(.down)
                    columns[type * 4 + place].append(count)
                }
                eta -= 0.5 * log1p(columns[type * 4][columns[type * 4].count - 1]) * Double(type)
                eta += 0.2 * log1p(count)
            }
            labels.append(uniforms.next() < 1 / (1 + exp(-eta)))
        }
        return Samples.data(
            columns.enumerated().map { ("x\($0)", .numbers($1)) }, labels: labels)
    }

    @Test("two thousand rounds end where plain ones do", arguments: [0.01, 0.05, 0.2])
    func twoThousandRoundsEndWherePlainOnesDo(baseRate: Double) {
        let data = nested(rows: 20_000, seed: 11, baseRate: baseRate)
        let plain = boosted(data, settings(.plain, rounds: 2_000))
        let gram = boosted(data, settings(.gram, rounds: 2_000))
        #expect(gram.rounds == 2_000)
        #expect(gram.blocks.count < 200)
        #expect(abs(gram.loss - plain.loss) < 1e-4, "\(gram.loss) v \(plain.loss)")
    }

    @Test("additive data with levels and missing values too")
    func additiveDataWithLevelsAndMissingValuesToo() {
        let data = Samples.additive(rows: 6_000, seed: 12).data
        let test = Samples.additive(rows: 20_000, seed: 13).data
        let plain = boosted(data, settings(.plain, rounds: 2_000))
        let gram = boosted(data, settings(.gram, rounds: 2_000))
        #expect(abs(gram.loss - plain.loss) < 1e-4, "\(gram.loss) v \(plain.loss)")
        #expect(abs(logLoss(gram.fit, test) - logLoss(plain.fit, test)) < 1e-3)
        #expect(abs(logLoss(gram.fit, data) - gram.loss) < 1e-10)
    }

    /// Counts of which one in two thousand lies far out: a sample of rows has one row or none on the far side
    /// of some splits.
    private func tailed(rows: Int, seed: UInt64) -> TrainingData {
        var uniforms = Uniforms(seed: seed)
        var columns = [[Double]](repeating: [], count: 6)
        var labels: [Bool] = []
        for _ in 0..<rows {
            var eta = -1.5
            for place in columns.indices {
                let isFar = uniforms.next() < 0.0005
                let count = exp(uniforms.normal()).rounded(.down)
                let value = isFar ? 30 + (uniforms.next() * 30).rounded(.down) : count
                columns[place].append(value)
                eta += (Double(place) - 2.5) * (0.16 * log1p(value) + (isFar ? 0.8 : 0))
            }
            labels.append(uniforms.next() < 1 / (1 + exp(-eta)))
        }
        return Samples.data(columns.enumerated().map { ("x\($0)", .numbers($1)) }, labels: labels)
    }

    @Test("few rows on one side do not spoil long blocks of rounds")
    func fewRowsOnOneSideDoNotSpoilLongBlocks() {
        let data = tailed(rows: 150_000, seed: 16)
        let gram = boosted(data, settings(.gram, rounds: 3_000), threads: 2)
        #expect(gram.rounds == 3_000)
        #expect(gram.blocks.count < 24, "\(gram.blocks.map(\.rounds))")
        #expect(gram.blocks.dropLast().allSatisfy { $0.rounds >= 8 }, "\(gram.blocks.map(\.rounds))")
    }

    @Test("the loss never rises from block to block", arguments: [0.05, 1])
    func theLossNeverRisesFromBlockToBlock(rate: Double) {
        let data = nested(rows: 3_000, seed: 14, baseRate: 0.2)
        var settings = settings(.gram, rounds: 1_500)
        settings.learningRate = rate
        var booster = StumpBooster(
            BinnedData(data, maximumBins: 255), labels: data.labels, userShares: data.userShares,
            settings: settings)
        var last = booster.loss
        while booster.rounds < settings.maximumRounds, !booster.isFinished {
            booster.boostBlock(rounds: settings.maximumRounds - booster.rounds)
            #expect(booster.loss <= last)
            last = booster.loss
        }
    }

    @Test("the same bytes for any number of threads", arguments: [StumpSettings.Form.plain, .gram])
    func theSameBytesForAnyNumberOfThreads(form: StumpSettings.Form) {
        let data = Samples.additive(rows: 9_000, seed: 15).data
        var settings = settings(form, rounds: 120)
        settings.inputShare = 0.7
        let fits = [1, 2, 8].map { boosted(data, settings, threads: $0).fit }
        #expect(fits[0].terms == fits[1].terms && fits[0].intercept == fits[1].intercept)
        #expect(fits[0].terms == fits[2].terms && fits[0].intercept == fits[2].intercept)
    }

    @Test("a weight of two is a row twice", arguments: [StumpSettings.Form.plain, .gram])
    func aWeightOfTwoIsARowTwice(form: StumpSettings.Form) {
        let once = Samples.additive(rows: 2_000, seed: 16).data
        let weights = (0..<once.count).map { Float([0, 1, 2, 1][$0 % 4]) }
        let rows = weights.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
        // The rows repeated are the same users', and a row without weight is nobody's.
        let repeated = once.selecting(rows)
        var settings = settings(form, rounds: 200)
        settings.minimumUsers = 0
        let binned = BinnedData(once, maximumBins: 64)
        var left = StumpBooster(
            binned, labels: once.labels, weights: weights, userShares: once.userShares, settings: settings)
        var right = StumpBooster(
            binned.selecting(rows), labels: repeated.labels, userShares: repeated.userShares,
            settings: settings)
        left.boost(upTo: 200)
        right.boost(upTo: 200)
        #expect(abs(left.loss - right.loss) < 1e-5)
        let pairs = zip(left.fit.logOdds(of: once), right.fit.logOdds(of: once))
        #expect(pairs.allSatisfy { abs($0 - $1) < 0.05 })
    }

    @Test("steps keep their direction", arguments: [StumpSettings.Form.plain, .gram], [-1, 1])
    func stepsKeepTheirDirection(form: StumpSettings.Form, direction: Int) throws {
        let data = Samples.additive(rows: 4_000, seed: 17).data
        var settings = settings(form, rounds: 400)
        settings.directions = [0: direction, 1: direction]
        let fit = boosted(data, settings).fit
        for term in fit.terms where term.input < 2 {
            guard case .steps(let steps) = term.shape else { continue }
            let rises = zip(steps.values, steps.values.dropFirst()).map { Double(direction) * ($1 - $0) }
            #expect(rises.allSatisfy { $0 >= -1e-12 })
        }
        #expect(fit.terms.contains { $0.input == 1 } == (direction == 1))
    }

    @Test("a cap holds a step function down", arguments: [StumpSettings.Form.plain, .gram])
    func aCapHoldsAStepFunctionDown(form: StumpSettings.Form) throws {
        let data = Samples.additive(rows: 4_000, seed: 18).data
        var settings = settings(form, rounds: 400)
        settings.caps = [1: 0.5]
        let booster = boosted(data, settings)
        let values = booster.values[1]
        let span = (values.max() ?? 0) - (values.min() ?? 0)
        #expect(span <= 0.5 + 1e-9 && span > 0.4)
        let free = booster.values[0]
        #expect((free.max() ?? 0) - (free.min() ?? 0) > 1)
    }

    @Test("an L1 penalty keeps idle inputs out", arguments: [StumpSettings.Form.plain, .gram])
    func anL1PenaltyKeepsIdleInputsOut(form: StumpSettings.Form) {
        let data = Samples.additive(rows: 4_000, seed: 19).data
        var settings = settings(form, rounds: 300)
        settings.l1 = 40
        let fit = boosted(data, settings).fit
        #expect(!fit.terms.contains { $0.input == 2 })
        #expect(fit.terms.contains { $0.input == 1 })
    }

    @Test("more inputs than a model takes in are all reached")
    func moreInputsThanAModelTakesInAreAllReached() {
        var uniforms = Uniforms(seed: 20)
        let rows = 2_000
        var columns: [[Double]] = []
        var eta = [Double](repeating: 0, count: rows)
        for index in 0..<300 {
            let column = (0..<rows).map { _ in uniforms.normal() }
            if index % 30 == 0 { for row in 0..<rows { eta[row] += 0.6 * column[row] } }
            columns.append(column)
        }
        let data = Samples.data(
            columns.enumerated().map { ("x\($0)", .numbers($1)) },
            labels: eta.map { uniforms.next() < 1 / (1 + exp(-$0)) })
        let plain = boosted(data, settings(.plain, rounds: 150))
        let gram = boosted(data, settings(.gram, rounds: 150))
        let split = Set(gram.fit.terms.map(\.input))
        #expect((0..<10).allSatisfy { split.contains($0 * 30) })
        #expect(gram.loss < plain.loss + 0.02, "\(gram.loss) v \(plain.loss)")
    }
}
