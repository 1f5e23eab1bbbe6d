import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Terms over two inputs: found, fitted and separated from the main effects of each input.
@Suite struct PairTrainingTests {
    private func settings(_ count: PairSettings.Count, rounds: Int = 150) -> StumpSettings {
        var settings = StumpSettings()
        settings.maximumRounds = rounds
        settings.pairs.count = count
        return settings
    }

    private func logLoss(_ fit: AdditiveFit, _ data: TrainingData) -> Double {
        let scores = fit.logOdds(of: data)
        let sum = zip(scores, data.labels).reduce(0.0) { $0 + log1p(exp($1.0)) - ($1.1 ? $1.0 : 0) }
        return sum / Double(data.count)
    }

    /// Inputs of which two alone say nothing, and together all.
    private func exclusiveOr(rows: Int, inputs: Int, pair: (Int, Int), seed: UInt64) -> TrainingData {
        var uniforms = Uniforms(seed: seed)
        let columns = (0..<inputs).map { _ in (0..<rows).map { _ in uniforms.normal() } }
        let labels = (0..<rows).map { row -> Bool in
            let isOn = (columns[pair.0][row] > 0) != (columns[pair.1][row] > 0)
            return uniforms.next() < (isOn ? 0.75 : 0.25)
        }
        return Samples.data(columns.enumerated().map { ("x\($0)", .numbers($1)) }, labels: labels)
    }

    @Test("a pure exclusive-or among two hundred inputs ranks first")
    func aPureExclusiveOrAmongTwoHundredInputsRanksFirst() async throws {
        let data = exclusiveOr(rows: 3_000, inputs: 200, pair: (17, 161), seed: 5)
        let fit = try await StumpTrainer(settings: settings(.exactly(1), rounds: 5), threads: 2)
            .fit(data, rounds: 5, pairs: PairChoice(list: .contrasts, count: 1, rounds: 40))
        let pairs = fit.terms.filter { $0.inputs.count == 2 }
        #expect(pairs.map(\.inputs) == [[17, 161]])
        let test = exclusiveOr(rows: 5_000, inputs: 200, pair: (17, 161), seed: 6)
        #expect(logLoss(fit, test) < 0.60)
    }

    @Test("levels that act together are found")
    func levelsThatActTogetherAreFound() async throws {
        var uniforms = Uniforms(seed: 7)
        let rows = 6_000
        let codes = (0..<4).map { _ in (0..<rows).map { _ in Int32(uniforms.next() * 6) } }
        let names = ["a", "b", "c", "d", "e", "f"]
        // The effect of one category turns round with the other, in no order of their names.
        let first = [1.0, -1, -1, 1, -1, 1]
        let second = [-1.0, -1, 1, 1, 1, -1]
        let labels = (0..<rows).map { row -> Bool in
            let eta = 1.2 * first[Int(codes[1][row])] * second[Int(codes[3][row])]
            return uniforms.next() < 1 / (1 + exp(-eta))
        }
        let data = Samples.data(
            codes.enumerated().map { ("x\($0)", .levels(names: names, codes: $1)) }, labels: labels)
        let fit = try await StumpTrainer(settings: settings(.exactly(1), rounds: 5), threads: 1)
            .fit(data, rounds: 5, pairs: PairChoice(list: .contrasts, count: 1, rounds: 60))
        #expect(fit.terms.filter { $0.inputs.count == 2 }.map(\.inputs) == [[1, 3]])
        #expect(logLoss(fit, data) < 0.58)
    }

    @Test("where there are no interactions, pairs are not chosen, or cost little")
    func additive() async throws {
        // The least of several losses on held-out rows is now and then that of pairs of noise.
        var costs: [Double] = []
        for seed in 0..<6 as Range<UInt64> {
            let data = Samples.additive(rows: 3_000, seed: 80 + seed).data
            let test = Samples.additive(rows: 20_000, seed: 180 + seed).data
            let trainer = StumpTrainer(settings: settings(.chosen(atMost: 10)), threads: 2)
            let chosen = try await trainer.chosenRounds(data, folds: 3)
            let alone = try await trainer.fit(data, rounds: chosen.rounds)
            let paired = try await trainer.fit(data, rounds: chosen.rounds, pairs: chosen.pairs)
            costs.append(logLoss(paired, test) - logLoss(alone, test))
        }
        #expect(costs.reduce(0, +) / Double(costs.count) < 0.001, "\(costs)")
        #expect(costs.allSatisfy { $0 < 0.005 }, "\(costs)")
    }

    @Test("an input that keeps a direction or a cap is in no pair, and keeps it in the finished fit")
    func promises() async throws {
        // Inputs 0 and 2 act together, and so do 1 and 3.
        var uniforms = Uniforms(seed: 21)
        let columns = (0..<4).map { _ in (0..<4_000).map { _ in uniforms.normal() } }
        let labels = (0..<4_000).map { row -> Bool in
            let signs = [(0, 2), (1, 3)].map { (columns[$0][row] > 0) != (columns[$1][row] > 0) ? 1.0 : -1 }
            return uniforms.next() < 1 / (1 + exp(-1.2 * signs[0] - signs[1]))
        }
        let data = Samples.data(columns.enumerated().map { ("x\($0)", .numbers($1)) }, labels: labels)
        func fit(_ change: (inout StumpSettings) -> Void) async throws -> AdditiveFit {
            var settings = settings(.exactly(3), rounds: 200)
            change(&settings)
            return try await StumpTrainer(settings: settings, threads: 2)
                .fit(data, rounds: 200, pairs: PairChoice(list: .contrasts, count: 3, rounds: 120))
        }
        let free = try await fit { _ in }
        #expect(free.terms.contains { $0.isPair && $0.inputs == [0, 2] })
        for direction in [1, -1] {
            let directed = try await fit { $0.directions = [0: direction] }
            let pairs = directed.terms.filter(\.isPair)
            #expect(pairs.contains { $0.inputs == [1, 3] } && !pairs.contains { $0.inputs.contains(0) })
            for term in directed.terms where term.inputs == [0] {
                guard case .steps(let steps) = term.shape else {
                    Issue.record("a number has steps")
                    continue
                }
                let rises = zip(steps.values, steps.values.dropFirst()).map { Double(direction) * ($1 - $0) }
                #expect(rises.allSatisfy { $0 >= -1e-12 })
            }
        }
        let capped = try await fit { $0.caps = [2: 0.05] }
        #expect(!capped.terms.contains { $0.isPair && $0.inputs.contains(2) })
        let own = try #require(capped.terms.first { $0.inputs == [2] })
        guard case .steps(let steps) = own.shape else {
            Issue.record("a number has steps")
            return
        }
        let values = steps.values + [own.missing]
        #expect((values.max() ?? 0) - (values.min() ?? 0) <= 0.05 + 1e-12)
    }

    @Test("pairs win back what inputs alone lose")
    func pairsWinBackWhatInputsAloneLose() async throws {
        let data = exclusiveOr(rows: 4_000, inputs: 8, pair: (2, 5), seed: 9)
        let trainer = StumpTrainer(settings: settings(.chosen(atMost: 5)), threads: 2)
        let chosen = try await trainer.chosenRounds(data, folds: 3)
        #expect(chosen.pairs.count > 0)
        let fit = try await trainer.fit(data, rounds: chosen.rounds, pairs: chosen.pairs)
        let test = exclusiveOr(rows: 8_000, inputs: 8, pair: (2, 5), seed: 10)
        let noise = 0.25 * log(4.0) + 0.75 * log(4.0 / 3)
        #expect(logLoss(fit, test) < noise + 0.02)
    }

    @Test("the same for any number of threads")
    func theSameForAnyNumberOfThreads() async throws {
        // More rows than a block of pairs holds.
        let data = exclusiveOr(rows: 20_000, inputs: 6, pair: (0, 3), seed: 11)
        var fits: [AdditiveFit] = []
        for threads in [1, 2, 8] {
            let trainer = StumpTrainer(settings: settings(.exactly(3), rounds: 40), threads: threads)
            fits.append(
                try await trainer.fit(
                    data, rounds: 40, pairs: PairChoice(list: .contrasts, count: 3, rounds: 60)))
        }
        #expect(fits[0].terms == fits[1].terms && fits[0].terms == fits[2].terms)
    }

    @Test("bags give error bars that shrink with rows")
    func bagsGiveErrorBarsThatShrinkWithRows() async throws {
        func spread(rows: Int) async throws -> Double {
            let data = Samples.additive(rows: rows, seed: 12).data
            var settings = settings(.exactly(0), rounds: 100)
            settings.bags = 8
            let fit = try await StumpTrainer(settings: settings, threads: 2)
                .fit(data, rounds: 100)
            let errors = fit.terms.flatMap { term -> [Double] in
                if case .steps(let steps) = term.shape { steps.standardErrors ?? [] } else { [] }
            }
            #expect(!errors.isEmpty)
            return errors.reduce(0, +) / Double(errors.count)
        }
        let (few, many) = (try await spread(rows: 800), try await spread(rows: 12_800))
        #expect(many < 0.6 * few, "\(few) \(many)")
    }
}
