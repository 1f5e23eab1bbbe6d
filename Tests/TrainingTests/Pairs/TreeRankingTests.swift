import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// The list of pairs by trees of two levels, and the cuts that these are made of.
@Suite struct TreeRankingTests {
    /// The decrease of the quadratic model by two sides, as trees compute it.
    private func gain(_ g: [Double], _ h: [Double], left: [Bool]) -> Double? {
        func side(_ wanted: Bool) -> (g: Double, h: Double) {
            g.indices.reduce((0, 0)) { left[$1] == wanted ? ($0.0 + g[$1], $0.1 + h[$1]) : $0 }
        }
        let (one, other) = (side(true), side(false))
        guard min(one.h, other.h) >= 10 else { return nil }
        let all = (g: one.g + other.g, h: one.h + other.h)
        return one.g * one.g / (one.h + 10) + other.g * other.g / (other.h + 10) - all.g * all.g
            / (all.h + 10)
    }

    @Test("a cut of bins in order is the best of all such cuts, with missing values beside the smallest")
    func ordered() throws {
        var uniforms = Uniforms(seed: 1)
        for _ in 0..<20 {
            let g = (0..<9).map { _ in 10 * uniforms.normal() }
            let h = (0..<9).map { _ in 2 + 10 * uniforms.next() }
            let order = [8] + Array(0..<8)
            let gains = (1..<9).compactMap { count in
                gain(g, h, left: (0..<9).map { order.prefix(count).contains($0) })
            }
            let cut = try #require(
                PairTreeCut(axis: 0, PairTreeSums(gradients: g, hessians: h), isUnordered: false))
            #expect(abs(cut.gain - (gains.max() ?? 0)) < 1e-9)
            #expect(abs(cut.gain - (gain(g, h, left: cut.isLeft) ?? 0)) < 1e-9)
        }
    }

    @Test("a cut of levels is nearly the best of all partitions")
    func unordered() throws {
        var uniforms = Uniforms(seed: 2)
        for _ in 0..<20 {
            let g = (0..<8).map { _ in 10 * uniforms.normal() }
            let h = (0..<8).map { _ in 5 + 10 * uniforms.next() }
            let gains = (1..<127).compactMap { mask in
                gain(g, h, left: (0..<8).map { mask >> $0 & 1 == 1 })
            }
            let cut = try #require(
                PairTreeCut(axis: 0, PairTreeSums(gradients: g, hessians: h), isUnordered: true))
            // In the order of means the best partition is a cut but for the penalty.
            #expect(cut.gain > 0.9 * (gains.max() ?? 0))
        }
    }

    @Test("the contrast of two sides is that of their four means")
    func contrast() throws {
        let sums = PairTreeSums(gradients: [-30, 30, 0], hessians: [20, 20, 20])
        let cut = try #require(PairTreeCut(axis: 0, sums, isUnordered: false))
        let other = PairTreeSums(gradients: [8, -4, 2], hessians: [10, 30, 40])
        let left = cut.isLeft.indices.filter { cut.isLeft[$0] }
        let right = cut.isLeft.indices.filter { !cut.isLeft[$0] }
        func part(_ sums: PairTreeSums, _ bins: [Int]) -> (mean: Double, h: Double) {
            let (g, h) = (
                bins.reduce(0) { $0 + sums.gradients[$1] }, bins.reduce(0) { $0 + sums.hessians[$1] }
            )
            return (g / h, h)
        }
        let parts = [part(sums, left), part(sums, right), part(other, left), part(other, right)]
        let difference = parts[0].mean - parts[1].mean - parts[2].mean + parts[3].mean
        let expected = difference * difference / parts.reduce(0) { $0 + 1 / $1.h }
        #expect(abs(cut.contrast(sums, other) - expected) < 1e-12)
    }

    @Test("inputs that act together are listed first, also when each matters by itself")
    func dependent() async throws {
        var uniforms = Uniforms(seed: 3)
        let columns = (0..<10).map { _ in (0..<6_000).map { _ in uniforms.normal() } }
        let labels = (0..<6_000).map { row -> Bool in
            let (a, b) = (columns[2][row], columns[7][row])
            let eta = 0.8 * a + 0.8 * b + (a > 0 && b > 0 ? 1.2 : 0) + 0.5 * columns[4][row]
            return uniforms.next() < 1 / (1 + exp(-eta))
        }
        let data = Samples.data(columns.enumerated().map { ("x\($0)", .numbers($1)) }, labels: labels)
        let fit = try await StumpTrainer(settings: StumpSettings(), threads: 2)
            .fit(data, rounds: 100, pairs: PairChoice(list: .trees, count: 1, rounds: 100))
        #expect(fit.terms.filter(\.isPair).map(\.inputs) == [[2, 7]])
    }

    @Test("two steps of one pair are one, and steps of many pairs go to the best")
    func bestFirst() async throws {
        var uniforms = Uniforms(seed: 4)
        let columns = (0..<6).map { _ in (0..<4_000).map { _ in uniforms.normal() } }
        let labels = (0..<4_000).map { row -> Bool in
            let isOn = (columns[0][row] > 0) != (columns[1][row] > 0)
            return uniforms.next() < (isOn ? 0.8 : 0.2)
        }
        let data = Samples.data(columns.enumerated().map { ("x\($0)", .numbers($1)) }, labels: labels)
        // Few rounds, although ten pairs are listed.
        let fit = try await StumpTrainer(settings: StumpSettings(), threads: 1)
            .fit(data, rounds: 20, pairs: PairChoice(list: .contrasts, count: 10, rounds: 15))
        #expect(fit.terms.filter(\.isPair).map(\.inputs) == [[0, 1]])
    }
}
