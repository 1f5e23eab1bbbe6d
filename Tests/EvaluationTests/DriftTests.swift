import LimpetDocuments
import LimpetNumerics
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct DriftTests {
    private func distribution(_ counts: [Double], missing: Double = 0) -> TrainingSummary.Distribution {
        TrainingSummary.Distribution(
            edges: (1..<counts.count).map { Double($0) }, counts: counts, missing: missing)
    }

    @Test("the index is the sum by hand")
    func byHand() throws {
        let stability = try #require(
            PopulationStability(
                training: distribution([10, 30], missing: 0), today: distribution([30, 9], missing: 1)))
        // Of three bins the last is empty in training, where it counts as half a row.
        let old: [Double] = [10 / 40, 30 / 40, 0.5 / 40]
        let new: [Double] = [30 / 40, 9 / 40, 1 / 40]
        let expected = zip(new, old).reduce(0) { $0 + ($1.0 - $1.1) * ElementaryFunctions.log($1.0 / $1.1) }
        #expect(abs(stability.index - expected) < 1e-12)
        #expect(stability.verdict == .shifted && stability.movedMost == 1)
        #expect(stability.trainingMissing == 0 && stability.missing == 1 / 40)
        #expect(PopulationStability(training: distribution([0, 0]), today: distribution([1, 2])) == nil)
    }

    @Test("equal shares are no drift, whatever the number of rows and of bins without any")
    func equalShares() throws {
        for (old, new) in [
            ([50_000, 50_000, 0], [12, 12, 0]), ([0, 0, 20_000, 40_000, 0], [0, 0, 1, 2, 0]),
            ([7], [100_000]),
        ] as [([Double], [Double])] {
            let stability = try #require(
                PopulationStability(training: distribution(old), today: distribution(new)))
            #expect(stability.index == 0 && stability.verdict == .chance)
            let degrees = Double(old.count { $0 > 0 } - 1)
            let (m, n) = (old.reduce(0, +), new.reduce(0, +))
            #expect(abs(stability.expected - degrees * (1 / m + 1 / n)) < 1e-12)
            #expect(old[stability.movedMost] > 0)
        }
    }

    @Test(
        "a bin that few rows need not hold adds nothing where they do not, and half a row where they should")
    func emptyToday() throws {
        let rare = distribution([49_990, 49_990] + [Double](repeating: 1, count: 20))
        let few = distribution([30, 30] + [Double](repeating: 0, count: 20))
        #expect(try #require(PopulationStability(training: rare, today: few)).index < 1e-6)
        #expect(try #require(PopulationStability(training: few, today: rare)).index < 1e-6)
        let gone = try #require(
            PopulationStability(training: distribution([50, 50]), today: distribution([100, 0])))
        let (grown, lost) = (ElementaryFunctions.log(2), ElementaryFunctions.log(0.01))
        let expected: Double = 0.5 * grown - 0.495 * lost
        #expect(abs(gone.index - expected) < 1e-12)
    }

    @Test("of rows with a value alone, missing ones are told and do not move the index")
    func valuesAlone() throws {
        let stability = try #require(
            PopulationStability(
                training: distribution([20, 20], missing: 60), today: distribution([45, 45], missing: 10),
                countsMissing: false))
        #expect(stability.index == 0 && stability.trainingMissing == 0.6 && stability.missing == 0.1)
        #expect(
            PopulationStability(
                training: distribution([0, 0], missing: 9), today: distribution([1, 2]),
                countsMissing: false) == nil)
    }

    @Test("without drift alarms are rare at every size, and the mean index is the stated one")
    func noDrift() {
        var random = TestRandom(seed: 17)
        let shares = [0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.03, 0.02]
        func draw(_ rows: Int) -> TrainingSummary.Distribution {
            var counts = [Int](repeating: 0, count: shares.count)
            for _ in 0..<rows {
                var (place, rest) = (0, Double.random(in: 0..<1, using: &random))
                while place < shares.count - 1, rest >= shares[place] {
                    rest -= shares[place]
                    place += 1
                }
                counts[place] += 1
            }
            return distribution(counts.map { Double($0) })
        }
        for rows in [200, 2_000] {
            var (alarms, sum, expected) = (0, 0.0, 0.0)
            for _ in 0..<400 {
                guard let stability = PopulationStability(training: draw(5_000), today: draw(rows)) else {
                    continue
                }
                sum += stability.index
                expected += stability.expected
                if stability.verdict != .chance { alarms += 1 }
            }
            #expect(alarms <= 12, "\(alarms) of 400 at \(rows) rows")
            #expect(abs(sum / expected - 1) < 0.15, "\(sum / expected)")
        }
    }

    @Test("counts are those of a loop over the rows, and add up")
    func counts() {
        var models = RandomModels(seed: 3)
        var model = models.model(RandomModels.Shape.allCases, .none)
        model.training.inputs = model.inputs.map { input in
            input.isCategorical
                ? TrainingSummary.Distribution(levels: ["a", "A", "d\ne"], counts: [0, 0, 0, 0], missing: 0)
                : TrainingSummary.Distribution(
                    edges: [-10, 0, 0.5, 20], counts: [0, 0, 0, 0, 0], missing: 0)
        }
        model.training.logOdds = TrainingSummary.Distribution(edges: [0], counts: [0, 0], missing: 0)
        let scorer = Scorer(model)
        let rows = models.rows(model, random: 500)
        var (first, second) = (DriftCounts(model), DriftCounts(model))
        var (numbers, keys) = ([[Double]](), [[UInt64]]())
        for (input, description) in model.inputs.enumerated() {
            numbers.append(description.isCategorical ? [] : rows.map { $0[input].double ?? .nan })
            keys.append(
                description.isCategorical ? rows.map { $0[input].text.map { TextKey($0).rawValue } ?? 0 } : []
            )
        }
        var scores: [Scorer.Score] = []
        for (row, values) in rows.enumerated() {
            var vector = FeatureVector(count: values.count)
            for (input, value) in values.enumerated() {
                if let number = value.double { vector.numbers[input] = number }
                if let text = value.text { vector.categories[input] = TextKey(text) }
            }
            scores.append(scorer.score(vector))
            if row % 2 == 0 {
                first.add(vector, score: scores[row])
            } else {
                second.add(vector, score: scores[row])
            }
        }
        first.add(second)
        var whole = DriftCounts(model)
        whole.add(numbers: numbers, keys: keys, scores: scores)
        #expect(first == whole && whole.rows == rows.count)
        func count(_ values: [JSON], _ holds: (JSON) -> Bool) -> Double { Double(values.count(where: holds)) }
        for (input, description) in model.inputs.enumerated() {
            let values = rows.map { $0[input] }
            #expect(whole.inputs[input].missing == count(values) { $0.double == nil && $0.text == nil })
            guard description.isCategorical else {
                let below = count(values) { $0.double.map { $0 >= 0 && $0 < 0.5 } ?? false }
                #expect(whole.inputs[input].counts[2] == below)
                continue
            }
            #expect(whole.inputs[input].counts[1] == count(values) { $0.text == "A" })
            let unseen = values.count { $0.text.map { !["a", "A", "d\ne"].contains($0) } ?? false }
            #expect(whole.inputs[input].counts[3] == Double(unseen))
            #expect(whole.unseen[input].values.reduce(0, +) == unseen)
        }
        #expect(whole.logOdds.counts[1] == Double(scores.count { $0.logOdds >= 0 }))
    }

    @Test("estimated figures are those of direct sums, and near the realised ones when calibrated")
    func estimated() throws {
        var random = TestRandom(seed: 5)
        let few = (0..<60).map { _ in Double(random.below(8)) / 10 + 0.1 }
        let estimate = try #require(EstimatedPerformance(probabilities: few))
        var (pairs, all) = (0.0, 0.0)
        for (i, p) in few.enumerated() {
            for (j, q) in few.enumerated() where i != j {
                pairs += p * (1 - q) * (p > q ? 1 : p == q ? 0.5 : 0)
                all += p * (1 - q)
            }
        }
        #expect(abs((estimate.auc ?? 0) - pairs / all) < 1e-12)
        let probabilities = (0..<40_000).map { _ in
            ElementaryFunctions.logistic(Double.random(in: -4...1, using: &random))
        }
        let labels = probabilities.map { Double.random(in: 0..<1, using: &random) < $0 }
        let large = try #require(EstimatedPerformance(probabilities: probabilities))
        let outcomes = Outcomes(
            logOdds: probabilities.map(ElementaryFunctions.logit), probabilities: probabilities,
            labels: labels,
            users: labels.indices.map { Int32($0) })
        let realised = EvaluationReport(outcomes)
        #expect(abs((large.auc ?? 0) - (realised.auc ?? 1)) < 0.01)
        #expect(abs(large.logLoss - (realised.logLoss ?? 0)) < 0.01)
        #expect(abs(large.brier - (realised.brier ?? 0)) < 0.005)
        #expect(EstimatedPerformance(probabilities: []) == nil)
        #expect(EstimatedPerformance(probabilities: [0.3, 0.3])?.auc == nil)
    }

    private func outcomes(shift: Double, scale: Double, rows: Int, seed: UInt64) -> Outcomes {
        var random = TestRandom(seed: seed)
        let logOdds = (0..<rows).map { _ in Double.random(in: -3...2, using: &random) }
        let labels = logOdds.map {
            Double.random(in: 0..<1, using: &random) < ElementaryFunctions.logistic(shift + scale * $0)
        }
        return Outcomes(
            logOdds: logOdds, probabilities: logOdds.map(ElementaryFunctions.logistic), labels: labels,
            users: labels.indices.map { Int32($0) })
    }

    @Test("a shift of the intercept is found, and the slope left alone")
    func intercept() throws {
        let found = try Recalibration(outcomes(shift: 0.7, scale: 1, rows: 20_000, seed: 2))
        #expect(found.slope == 1 && abs(found.intercept - 0.7) < 0.06, "\(found)")
    }

    @Test("a slope that is wrong is corrected too")
    func slope() throws {
        let found = try Recalibration(outcomes(shift: -0.4, scale: 0.5, rows: 20_000, seed: 3))
        #expect(abs(found.slope - 0.5) < 0.05 && abs(found.intercept + 0.4) < 0.06, "\(found)")
    }

    @Test("few labels, and an order that is reversed, are refused")
    func refused() {
        #expect(throws: Recalibration.Problem.self) {
            try Recalibration(outcomes(shift: -6, scale: 1, rows: 2_000, seed: 4))
        }
        let reversed = outcomes(shift: 0, scale: -1, rows: 5_000, seed: 5)
        #expect(throws: Recalibration.Problem.self) { try Recalibration(reversed) }
    }

    @Test("a calibrator with another after it gives what both give in sequence")
    func composed() throws {
        let recalibration = try Recalibration(outcomes(shift: -0.4, scale: 0.5, rows: 20_000, seed: 3))
        for calibrator in RandomModels.calibrators {
            let composed = recalibration.after(calibrator)
            // Of an isotonic one at its knots.
            for x in [-2.5, -1, 0.125, 3] {
                let expected = recalibration(calibrator.probability(x))
                #expect(abs(composed.probability(x) - expected) < 1e-12, "\(calibrator)")
            }
        }
    }
}
