import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Models boosted side by side, compared with each boosted by rounds that read all rows.
@Suite struct LaneBoosterTests {
    private static let folds = 3

    private func groups(_ rows: Int) -> [Int32] { (0..<rows).map { Int32($0 * 7 % Self.folds) } }

    private func lanes(
        _ data: TrainingData, labels: [Bool]? = nil, plan: LanePlan = .nested(Self.folds),
        settings: StumpSettings = StumpSettings(), weights: [Double]? = nil, threads: Int = 2
    ) -> LaneBooster {
        LaneBooster(
            BinnedData(data, maximumBins: 255, threads: threads), plan: plan,
            groupOfRow: groups(data.count), labels: labels ?? data.labels,
            weights: LaneWeights(ofRow: weights),
            offsets: data.offsets, userShares: data.userShares, settings: settings, threads: threads)
    }

    /// Counts of windows that hold each other, some of them missing, and a level.
    private func data(rows: Int, baseRate: Double = 0.2) -> TrainingData {
        var uniforms = Uniforms(seed: UInt64(rows))
        var columns = [[Double]](repeating: [], count: 8)
        var (codes, labels): ([Int32], [Bool]) = ([], [])
        for _ in 0..<rows {
            var eta = log(baseRate / (1 - baseRate))
            for type in 0..<2 {
                let rate = exp(uniforms.normal())
                var count = 0.0
                for (place, days) in [7.0, 23, 30, 30].enumerated() {
                    count += (rate * days / 20 * uniforms.next() * 2).rounded(.down)
                    columns[type * 4 + place].append(uniforms.next() < 0.1 ? .nan : count)
                }
                eta += (type == 0 ? -0.6 : 0.4) * log1p(count)
            }
            let level = Int32(uniforms.next() * 5)
            eta += [0.5, -0.5, 0, 0.9, -0.3][Int(level)]
            codes.append(uniforms.next() < 0.05 ? -1 : level)
            labels.append(uniforms.next() < 1 / (1 + exp(-eta)))
        }
        let numbers = columns.enumerated().map {
            (name: "x\($0)", column: TrainingData.Column.numbers($1))
        }
        let level = (
            name: "level", column: TrainingData.Column.levels(names: ["a", "b", "c", "d", "e"], codes: codes)
        )
        return Samples.data(numbers + [level], labels: labels)
    }

    private func loss(_ fit: AdditiveFit, _ data: TrainingData, rows: [Int]) -> Double {
        let scores = fit.logOdds(of: data, rows: rows)
        let sum = zip(scores, rows).reduce(0.0) {
            $0 + log1p(exp($1.0)) - (data.labels[$1.1] ? $1.0 : 0)
        }
        return sum / Double(rows.count)
    }

    @Test("four hundred rounds of every lane end where plain ones do", arguments: [0.02, 0.2])
    func roundsEndWherePlainOnesDo(baseRate: Double) {
        let data = data(rows: 9_000, baseRate: baseRate)
        let plan = LanePlan.nested(Self.folds)
        var booster = lanes(data)
        booster.boost(upTo: 400)
        let groups = groups(data.count)
        for lane in 0..<plan.count {
            let rows = data.labels.indices.filter { !plan.omitted[lane].contains(Int(groups[$0])) }
            var settings = StumpSettings()
            settings.form = .plain
            let part = data.selecting(rows)
            var plain = StumpBooster(
                BinnedData(data, maximumBins: 255).selecting(rows), labels: part.labels,
                userShares: part.userShares, settings: settings, threads: 2)
            plain.boost(upTo: 400)
            let (one, other) = (booster.fit(lane, after: 400), plain.fit)
            #expect(abs(loss(one, data, rows: rows) - loss(other, data, rows: rows)) < 5e-4)
            let heldOut = data.labels.indices.filter { plan.omitted[lane].contains(Int(groups[$0])) }
            guard !heldOut.isEmpty else { continue }
            #expect(abs(loss(one, data, rows: heldOut) - loss(other, data, rows: heldOut)) < 1e-3)
        }
    }

    @Test("no block raises the loss of the rows that a lane trains on")
    func noBlockRaisesTheLoss() {
        for rate in [0.1, 1] {
            var settings = StumpSettings()
            settings.learningRate = rate
            settings.minimumUsers = 1
            settings.l2 = 0
            let plan = LanePlan.nested(Self.folds)
            var booster = lanes(data(rows: 1_500), settings: settings)
            var before = (0..<plan.count).map { booster.trainingLoss($0) }
            for target in [1, 2, 4, 8, 16, 40, 100, 300, 900] {
                booster.boost(upTo: target)
                let after = (0..<plan.count).map { booster.trainingLoss($0) }
                for (one, other) in zip(before, after) { #expect(other <= one) }
                before = after
            }
        }
    }

    @Test("any number of threads makes the same models, to the bit", arguments: [1, 3, 8])
    func anyNumberOfThreads(threads: Int) {
        let data = data(rows: 5_000)
        var (one, many) = (lanes(data, threads: 2), lanes(data, threads: threads))
        one.boost(upTo: 150)
        many.boost(upTo: 150)
        for lane in 0..<LanePlan.nested(Self.folds).count {
            #expect(one.fit(lane, after: 150) == many.fit(lane, after: 150))
        }
    }

    @Test(
        "labels of rows that a lane leaves out have no part in it, to the bit, also where lanes fall behind",
        arguments: [0.1, 1.5])
    func labelsOfOmittedRowsHaveNoPart(rate: Double) {
        let data = data(rows: 4_000, baseRate: 0.05)
        let groups = groups(data.count)
        let plan = LanePlan.nested(Self.folds)
        var settings = StumpSettings()
        settings.learningRate = rate
        var booster = lanes(data, settings: settings)
        booster.boost(upTo: 200)
        for lane in 0..<plan.count where lane != plan.whole {
            let labels = data.labels.indices.map {
                plan.omitted[lane].contains(Int(groups[$0])) ? !data.labels[$0] : data.labels[$0]
            }
            var flipped = lanes(data, labels: labels, settings: settings)
            flipped.boost(upTo: 200)
            #expect(booster.fit(lane, after: 200) == flipped.fit(lane, after: 200))
        }
    }

    @Test("labels of the rows that are judged change neither the model that judges them nor its rounds")
    func judgedLabelsHaveNoPart() async throws {
        let data = data(rows: 2_400)
        let groups = groups(data.count)
        let folds = (0..<Self.folds).map { group in
            Fold(
                training: data.labels.indices.filter { groups[$0] != Int32(group) },
                heldOut: data.labels.indices.filter { groups[$0] == Int32(group) })
        }
        let trainer = StumpTrainer(settings: StumpSettings(), threads: 2)
        let chosen = try await trainer.chosenOutside(data, folds: folds)
        for outer in folds.indices {
            let labels = data.labels.indices.map {
                groups[$0] == Int32(outer) ? !data.labels[$0] : data.labels[$0]
            }
            let flipped = TrainingData(
                inputs: data.inputs, columns: data.columns, isSkewed: data.isSkewed, labels: labels,
                users: data.users)
            let other = try await trainer.chosenOutside(flipped, folds: folds)
            #expect(other[outer].rounds == chosen[outer].rounds)
            #expect(other[outer].fit == chosen[outer].fit && chosen[outer].fit != nil)
            // The others have seen them.
            #expect(other[(outer + 1) % Self.folds].fit != chosen[(outer + 1) % Self.folds].fit)
        }
    }

    @Test(
        "models that go on after others are finished have no part in the rounds that these choose",
        arguments: [9_701, 17_301, 25_901, 48_701, 54_101, 61_901])
    func finishedModels(seed: UInt64) async throws {
        var uniforms = Uniforms(seed: seed)
        let groups = groups(120)
        let x = groups.map { _ in uniforms.next() < 0.5 ? 0.0 : 1 }
        let labels = x.map { uniforms.next() < ($0 > 0 ? 0.8 : 0.3) }
        let folds = (0..<Self.folds).map { group in
            Fold(
                training: groups.indices.filter { groups[$0] != Int32(group) },
                heldOut: groups.indices.filter { groups[$0] == Int32(group) })
        }
        // One split, and so long a patience that models come to an end.
        var settings = StumpSettings()
        (settings.form, settings.learningRate) = (.gram, 0.9)
        (settings.minimumUsers, settings.patience) = (1, 10_000)
        let trainer = StumpTrainer(settings: settings, threads: 2)
        func chosen(_ labels: [Bool]) async throws -> [Int] {
            try await trainer.chosenOutside(Samples.data([("x", .numbers(x))], labels: labels), folds: folds)
                .map(\.rounds)
        }
        let before = try await chosen(labels)
        for outer in folds.indices {
            let flipped = labels.indices.map { (groups[$0] == Int32(outer)) != labels[$0] }
            #expect(try await chosen(flipped)[outer] == before[outer])
        }
    }
}
