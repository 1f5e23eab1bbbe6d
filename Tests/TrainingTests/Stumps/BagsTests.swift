import LimpetScoring
import LimpetTraining
import Testing

@Suite struct BagsTests {
    private let root = Double(2).squareRoot()

    private func steps(_ edges: [Double], _ values: [Double], missing: Double = 0) -> Term {
        Term(input: 0, shape: .steps(.init(edges: edges, values: values)), missing: missing)
    }

    private func bag(_ terms: Term...) -> AdditiveFit { AdditiveFit(intercept: 1, terms: terms) }

    @Test("bags have their mean, on the edges of all, and their spread as standard errors")
    func spread() throws {
        let mean = AdditiveFit.bagged([
            bag(steps([0], [1, 3], missing: 3)), bag(steps([2], [1, 6])), bag(steps([0, 2], [4, 0, 3])),
        ])
        #expect(mean.intercept == 1 && mean.terms.count == 1)
        guard case .steps(let shape)? = mean.terms.first?.shape else {
            Issue.record("steps stay steps")
            return
        }
        #expect(shape.edges == [0, 2])
        // By bin: 1, 1, 4; 3, 1, 0; 3, 6, 3.
        let errors = try #require(shape.standardErrors)
        for (value, expected) in zip(shape.values, [2, 4.0 / 3, 4]) { #expect(abs(value - expected) < 1e-14) }
        for (error, expected) in zip(errors, [3, 7.0 / 3, 3]) {
            #expect(abs(error - expected.squareRoot()) < 1e-14)
        }
        #expect(abs(mean.terms[0].missing - 1) < 1e-14)
    }

    @Test("a bag without the term adds 0 there, and equal bags have no spread")
    func absent() {
        let term = steps([0], [2, -2])
        let half = AdditiveFit.bagged([bag(term), bag()])
        #expect(
            half.terms.map(\.shape)
                == [
                    .steps(
                        .init(
                            edges: [0], values: [1, -1],
                            standardErrors: [root, root]))
                ])
        let same = AdditiveFit.bagged([bag(term), bag(term)])
        #expect(
            same.terms.map(\.shape) == [.steps(.init(edges: [0], values: [2, -2], standardErrors: [0, 0]))])
        #expect(AdditiveFit.bagged([bag(term)]).terms == [term])
    }

    @Test("levels of any bag are in the mean")
    func levels() {
        func levels(_ names: [String], _ values: [Double], other: Double) -> Term {
            Term(
                input: 1, shape: .levels(.init(names: names, values: values, other: other)), missing: 0)
        }
        let mean = AdditiveFit.bagged([
            bag(levels(["a"], [2], other: 1)), bag(levels(["b", "a"], [3, 2], other: -1)),
        ])
        #expect(
            mean.terms.map(\.shape)
                == [
                    .levels(
                        .init(
                            names: ["a", "b"], values: [2, 2], other: 0,
                            standardErrors: [0, root]))
                ])
    }

    @Test("centring by the rows in each bin is centring by rows")
    func centring() async throws {
        let data = Samples.additive(rows: 700, seed: 5).data
        let binned = BinnedData(data, maximumBins: 20)
        var settings = StumpSettings()
        settings.maximumRounds = 60
        settings.minimumUsers = 1
        var booster = StumpBooster(
            binned, labels: data.labels, userShares: data.userShares, settings: settings)
        booster.boost(upTo: 60)
        let byRows = booster.fit.centred(on: data)
        let byBins = booster.fit.centred(over: binned.counts(threads: 2), bins: binned.definitions)
        #expect(abs(byRows.intercept - byBins.intercept) < 1e-12)
        #expect(byRows.terms.map(\.input) == byBins.terms.map(\.input))
        let (left, right) = (byRows.logOdds(of: data), byBins.logOdds(of: data))
        #expect(zip(left, right).allSatisfy { abs($0 - $1) < 1e-12 })
        for (one, other) in zip(byRows.terms, byBins.terms) {
            #expect(abs(one.importance - other.importance) < 1e-12)
        }
    }

    @Test("bags are the same however many are fitted side by side", arguments: [2, 3, 8])
    func threads(threads: Int) async throws {
        let data = Samples.additive(rows: 900, seed: 6).data
        var settings = StumpSettings()
        settings.bags = 5
        settings.minimumUsers = 5
        let one = try await StumpTrainer(settings: settings, threads: 1).fit(data, rounds: 40)
        let many = try await StumpTrainer(settings: settings, threads: threads).fit(
            data, rounds: 40)
        #expect(one.intercept == many.intercept && one.terms == many.terms)
    }

    @Test("bags side by side are about those that are boosted by themselves, with weights and without")
    func sideBySide() async throws {
        for weighted in [false, true] {
            var data = Samples.additive(rows: 3_000, seed: 7).data
            if weighted {
                data = data.with(weights: data.labels.indices.map { Double(1 + $0 % 3) })
            }
            var settings = StumpSettings()
            (settings.bags, settings.minimumUsers, settings.form) = (20, 5, .gram)
            let lanes = try await StumpTrainer(settings: settings, threads: 2).fit(
                data, rounds: 150)
            settings.form = .plain
            let plain = try await StumpTrainer(settings: settings, threads: 2).fit(
                data, rounds: 150)
            let (left, right) = (lanes.logOdds(of: data), plain.logOdds(of: data))
            let distance = zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            #expect((distance / Double(data.count)).squareRoot() < 0.03)
            // Error bars are those of the same draws.
            let errors = Dictionary(
                uniqueKeysWithValues: plain.terms.map { ($0.input, $0.largestStandardError) })
            var compared = 0
            for term in lanes.terms {
                guard let error = errors[term.input], error > 0.05 else { continue }
                #expect(abs(term.largestStandardError / error - 1) < 0.3)
                compared += 1
            }
            #expect(compared > 1)
        }
    }

    @Test("bags side by side are the same by any number of threads", arguments: [1, 3, 8])
    func sideBySideThreads(threads: Int) async throws {
        let data = Samples.additive(rows: 2_000, seed: 8).data
        var settings = StumpSettings()
        (settings.bags, settings.minimumUsers, settings.form) = (18, 5, .gram)
        let one = try await StumpTrainer(settings: settings, threads: 2).fit(data, rounds: 60)
        let other = try await StumpTrainer(settings: settings, threads: threads).fit(
            data, rounds: 60)
        #expect(one.intercept == other.intercept && one.terms == other.terms)
    }
}

extension Term {
    fileprivate var largestStandardError: Double {
        if case .steps(let steps) = shape { steps.standardErrors?.max() ?? 0 } else { 0 }
    }
}
