import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Categories of many levels, which models see as rates of label 1.
@Suite struct LevelCodingTests {
    /// Rows of a category with small levels, some of which matter, beside a number.
    private func data(rows: Int, levels: Int, strength: Double, seed: UInt64) -> TrainingData {
        var uniforms = Uniforms(seed: seed)
        var effects = Uniforms(seed: 99)
        let effect = (0..<levels).map { _ in strength * effects.normal() }
        let codes = (0..<rows).map { _ in Int32(uniforms.next() * Double(levels)) }
        let x = (0..<rows).map { _ in uniforms.normal() }
        let labels = (0..<rows).map { row in
            uniforms.next() < 1 / (1 + exp(-(x[row] + effect[Int(codes[row])] - 0.5)))
        }
        return Samples.data(
            [("x", .numbers(x)), ("l", .levels(names: (0..<levels).map { "l\($0)" }, codes: codes))],
            labels: labels)
    }

    private func logLoss(_ fit: AdditiveFit, _ data: TrainingData) -> Double {
        let scores = fit.logOdds(of: data)
        let sum = zip(scores, data.labels).reduce(0.0) { $0 + log1p(exp($1.0)) - ($1.1 ? $1.0 : 0) }
        return sum / Double(data.count)
    }

    /// The category's table of levels; nil where it has another shape.
    private func table(of fit: AdditiveFit) -> Term.Levels? {
        if case .levels(let levels) = fit.terms.first(where: { $0.input == 1 })?.shape { levels } else { nil }
    }

    private func trained(_ data: TrainingData, rounds: Int = 200) async throws -> AdditiveFit {
        try await StumpTrainer(settings: StumpSettings(), threads: 2).fit(data, rounds: rounds)
    }

    @Test("a row's number is the rate among other rows, shrunken by twenty users of the rate of all")
    func rates() throws {
        // Level 0 of 31: rows 0, 1 and 2, each in a group of its own.
        let names = (0..<31).map { "l\($0)" }
        let codes = [0, 0, 0] + (0..<27).map { Int32($0 % 30 + 1) } + [31, -1]
        let labels = [true, false, true] + (0..<29).map { $0 % 3 == 0 }
        let data = Samples.data([("l", .levels(names: names, codes: codes))], labels: labels)
        let groups = (0..<32).map { Int32($0 % 4) }
        let coding = try #require(LevelCoding(data, groupOfRow: groups))
        #expect(coding.inputs == [0])
        let numbers = coding.numbers(0, without: [3])
        for row in 0..<32 where codes[row] >= 0 {
            let others = (0..<32).filter { groups[$0] != 3 && groups[$0] != groups[row] && codes[$0] >= 0 }
            let same = others.filter { codes[$0] == codes[row] }
            let base = Double(others.count { labels[$0] }) / Double(others.count)
            let rate = (Double(same.count { labels[$0] }) + 20 * base) / (Double(same.count) + 20)
            #expect(abs(numbers[row] - rate) < 1e-12, "row \(row)")
        }
        #expect(numbers[31].isNaN)
    }

    @Test("no label of an omitted group, nor of a row's own, has a part in a number")
    func independence() throws {
        let data = data(rows: 2_000, levels: 40, strength: 1, seed: 1)
        let groups = (0..<2_000).map { Int32($0 % 5) }
        let flipped = data.with(labels: data.labels.indices.map { data.labels[$0] != (groups[$0] == 2) })
        let (one, other) = (
            try #require(LevelCoding(data, groupOfRow: groups)),
            try #require(LevelCoding(flipped, groupOfRow: groups))
        )
        #expect(one.numbers(0, without: [2]) == other.numbers(0, without: [2]))
        let (mine, theirs) = (one.numbers(0, without: []), other.numbers(0, without: []))
        for row in groups.indices where groups[row] == 2 { #expect(mine[row] == theirs[row]) }
        #expect(mine != theirs)
    }

    @Test("levels without an effect cost little, where a bin for each costs much")
    func noise() async throws {
        let training = data(rows: 6_000, levels: 200, strength: 0, seed: 2)
        let test = data(rows: 20_000, levels: 200, strength: 0, seed: 3)
        let alone = logLoss(try await trained(training.droppingCategory()), test.droppingCategory())
        let coded = logLoss(try await trained(training), test)
        #expect(coded < alone + 0.002, "\(coded) \(alone)")
    }

    @Test("levels with an effect are learnt, as a table of levels")
    func effect() async throws {
        let training = data(rows: 12_000, levels: 100, strength: 1, seed: 4)
        let test = data(rows: 20_000, levels: 100, strength: 1, seed: 5)
        let fit = try await trained(training)
        let levels = try #require(table(of: fit))
        #expect(levels.names.count == 100)
        let alone = logLoss(try await trained(training.droppingCategory()), test.droppingCategory())
        #expect(logLoss(fit, test) < alone - 0.04)
    }

    @Test("an unseen level has the value of the rate of all")
    func unseen() async throws {
        let training = data(rows: 6_000, levels: 60, strength: 1.5, seed: 6)
        let fit = try await trained(training)
        let levels = try #require(table(of: fit))
        // The rate of all lies between those of levels, and so does its value.
        let sorted = levels.values.sorted()
        #expect(sorted[5] < levels.other && levels.other < sorted[54])
    }

    @Test("a category that interacts is in a pair, with a row for each level")
    func pairs() async throws {
        var uniforms = Uniforms(seed: 7)
        let codes = (0..<8_000).map { _ in Int32(uniforms.next() * 40) }
        let x = (0..<8_000).map { _ in uniforms.normal() }
        // Levels from 20 on have more label 1, and turn the effect of x round.
        let labels = codes.indices.map { row in
            let eta = codes[row] < 20 ? -0.7 + 1.5 * x[row] : 0.7 - 1.5 * x[row]
            return uniforms.next() < 1 / (1 + exp(-eta))
        }
        let data = Samples.data(
            [("x", .numbers(x)), ("l", .levels(names: (0..<40).map { "l\($0)" }, codes: codes))],
            labels: labels)
        let fit = try await StumpTrainer(settings: StumpSettings(), threads: 2)
            .fit(data, rounds: 50, pairs: PairChoice(list: .trees, count: 1, rounds: 200))
        let pair = try #require(fit.terms.first { $0.isPair })
        guard case .grid(let grid) = pair.shape else { return }
        #expect(grid.columns.binCount == 42)
        let alone = try await trained(data)
        #expect(logLoss(fit, data) < logLoss(alone, data) - 0.1)
    }

    @Test("two categories whose table no model file holds are in no pair")
    func largePairs() async throws {
        var uniforms = Uniforms(seed: 8)
        let codes = (0..<2).map { _ in (0..<9_000).map { _ in Int32(uniforms.next() * 300) } }
        let x = (0..<9_000).map { _ in uniforms.normal() }
        let labels = x.indices.map { row in
            let isOn = (codes[0][row] < 150) != (codes[1][row] < 150)
            return uniforms.next() < 1 / (1 + exp(-(isOn ? 1.5 : -1.5) - 0.3 * x[row]))
        }
        let names = (0..<300).map { "l\($0)" }
        let data = Samples.data(
            [
                ("x", .numbers(x)), ("one", .levels(names: names, codes: codes[0])),
                ("other", .levels(names: names, codes: codes[1])),
            ], labels: labels)
        for list in [PairList.contrasts, .trees] {
            let fit = try await StumpTrainer(settings: StumpSettings(), threads: 2)
                .fit(data, rounds: 5, pairs: PairChoice(list: list, count: 3, rounds: 20))
            for case .grid(let grid) in fit.terms.map(\.shape) { #expect(grid.values.count <= 65_536) }
        }
    }
}

extension TrainingData {
    fileprivate func droppingCategory() -> TrainingData {
        Samples.data([("x", columns[0])], labels: labels)
    }
}
