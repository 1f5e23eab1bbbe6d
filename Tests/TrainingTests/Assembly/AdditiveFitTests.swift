import LimpetScoring
import LimpetTraining
import Testing

@Suite struct AdditiveFitTests {
    private let data = Samples.data(
        [
            ("line", .numbers([0, 1, 2, 7, 3, 3])), ("steps", .numbers([.nan, 1, 5, 5, 9, .nan])),
            ("levels", .levels(names: ["a", "b", "never"], codes: [0, 1, 1, -1, 3, 0])),
            ("full", .levels(names: ["a", "b"], codes: [0, 1, 1, 0, 0, 1])),
        ], labels: [true, false, true, false, true, false])

    private let fit = AdditiveFit(
        intercept: -0.5,
        terms: [
            Term(
                input: 0, shape: .line(.init(transform: .signedLog, coefficient: 0.7, offset: 0.2)),
                missing: 3),
            Term(input: 1, shape: .steps(.init(edges: [2, 8], values: [-1, 0.5, 2])), missing: 0.25),
            Term(
                input: 2, shape: .levels(.init(names: ["a", "b", "never"], values: [1, -1, 9], other: 4)),
                missing: -2),
            Term(
                input: 3, shape: .levels(.init(names: ["a", "b"], values: [0.5, 0.1], other: 5)), missing: 6),
        ])

    private func contributions(_ term: Term) -> [Double] {
        AdditiveFit(intercept: 0, terms: [term]).logOdds(of: data)
    }

    @Test("log-odds are the sum of the terms")
    func logOddsAreTheSumOfTheTerms() {
        // Row 0: 0.2, missing 0.25, "a" 1, "a" 0.5. Row 4: a level without a name has 4.
        let sums = fit.logOdds(of: data)
        let first = -0.5 + 0.2 + 0.25 + 1 + 0.5
        let fifth = -0.5 + 0.2 + 0.7 * 1.3862943611198906 + 2 + 4 + 0.5
        #expect(abs(sums[0] - first) < 1e-15)
        #expect(abs(sums[4] - fifth) < 1e-14)
    }

    @Test("centring leaves every sum as it was")
    func centringLeavesEverySumAsItWas() {
        let centred = fit.centred(on: data)
        for (left, right) in zip(fit.logOdds(of: data), centred.logOdds(of: data)) {
            #expect(abs(left - right) < 1e-12)
        }
    }

    @Test("centred terms have mean zero and their spread as importance")
    func centredTermsHaveMeanZeroAndTheirSpreadAsImportance() {
        let centred = fit.centred(on: data)
        #expect(centred.terms.map { $0.input } == [0, 1, 2, 3])
        for term in centred.terms {
            let values = contributions(term)
            #expect(abs(values.reduce(0.0, +)) < 1e-12)
            let variance = values.reduce(0.0) { $0 + $1 * $1 } / Double(values.count)
            #expect(abs(term.importance - variance.squareRoot()) < 1e-12)
        }
    }

    @Test("bins that no row has contribute nothing")
    func binsThatNoRowHasContributeNothing() throws {
        let terms = fit.centred(on: data).terms
        // No row lacks the first input, and each level of the last one is known.
        #expect(terms[0].missing == 0)
        #expect(terms[1].missing != 0)
        #expect(terms[2].missing != 0)
        #expect(terms[3].missing == 0)
        guard case .levels(let some) = terms[2].shape, case .levels(let full) = terms[3].shape else {
            Issue.record("levels stay levels")
            return
        }
        #expect(some.other != 0)
        #expect(full.other == 0)
        #expect(some.values[2] == 0)
        #expect(some.values[0] != 0 && some.values[1] != 0)
    }

    @Test("a term that is the same for all moves into the intercept")
    func aTermThatIsTheSameForAllMovesIntoTheIntercept() {
        let constant = AdditiveFit(
            intercept: 1,
            terms: [
                Term(
                    input: 3, shape: .levels(.init(names: ["a", "b"], values: [0.5, 0.5], other: 7)),
                    missing: 8)
            ])
        let centred = constant.centred(on: data)
        #expect(centred.terms.isEmpty)
        #expect(centred.intercept == 1.5)
    }

    @Test("centring twice is centring once")
    func centringTwiceIsCentringOnce() {
        let once = fit.centred(on: data)
        let twice = once.centred(on: data)
        #expect(abs(once.intercept - twice.intercept) < 1e-15)
        for (left, right) in zip(once.terms, twice.terms) {
            for (a, b) in zip(contributions(left), contributions(right)) { #expect(abs(a - b) < 1e-15) }
        }
    }
}
