import LimpetLinearAlgebra
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// The sets of inputs that models side by side have correlations of, and the memory that these may take.
@Suite struct LaneSpaceTests {
    private func numbers(bins: Int) -> BinDefinition {
        BinDefinition(kind: .numbers(edges: (0..<(bins - 1)).map { Double($0) }))
    }

    private func levels(_ count: Int) -> BinDefinition {
        BinDefinition(kind: .levels(names: (0..<count).map { "level \($0)" }))
    }

    /// Rows in all bins but some.
    private func counts(_ definitions: [BinDefinition], empty: Int = 0) -> [[Int]] {
        definitions.map { definition in
            (0..<definition.binCount).map { empty > 0 && $0 % empty == 1 ? 0 : 5 + $0 % 7 }
        }
    }

    @Test("bins of numbers are merged until their sets fit, levels are not", arguments: [2_000, 400, 190])
    func merging(limit: Int) {
        let definitions = [
            numbers(bins: 200), levels(90), numbers(bins: 3), numbers(bins: 255), numbers(bins: 120),
            levels(7),
        ]
        #expect(LaneSpace.leastSets(definitions) == 16 + 92 + 4 + 16 + 16 + 9)
        let space = LaneSpace(definitions, counts: counts(definitions), limit: limit)
        #expect(space.inputs == Array(definitions.indices))
        #expect(space.sets.count <= limit)
        #expect(space.sets.axes[1].sets == 92 && space.sets.axes[5].sets == 9 && space.sets.axes[2].sets == 3)
        for input in [0, 3, 4] {
            #expect(space.sets.axes[input].sets >= 16)
            let groups = space.groupOfBin[input].dropLast()
            #expect(
                groups == groups.sorted()[...] && Set(groups).count == space.sets.axes[input].prefixes + 1)
        }
        #expect((space.sets.axes[3].sets == 255) == (limit == 2_000))
    }

    @Test("empty bins are no sets, and inputs with one filled bin are left out")
    func emptyBins() {
        let definitions = [levels(9), numbers(bins: 10), numbers(bins: 4)]
        var counts = counts(definitions, empty: 4)
        counts[1] = [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let space = LaneSpace(definitions, counts: counts, limit: 100)
        #expect(space.inputs == [0, 2])
        // Bins 1, 5 and 9 of eleven are empty, and bin 1 of five; the last one is of missing values.
        #expect(space.sets.axes.map(\.bins) == [8, 4])
        #expect(space.sets.count == 8 + 3 && space.sets.count <= LaneSpace.leastSets(definitions))
    }

    @Test("a glance at columns finds about the sets of their bins, and never more", arguments: [255, 9])
    func glance(maximumBins: Int) {
        var uniforms = Uniforms(seed: 3)
        let numbers = [1, 2, 7, 14, 15, 400].map { values in
            (0..<1_500).map { _ in
                uniforms.next() < 0.1 ? Double.nan : (uniforms.next() * Double(values)).rounded(.down)
            }
        }
        let codes = (0..<1_500).map { Int32($0 % 30) }
        let names = (0..<30).map { "\($0)" }
        let data = Samples.data(
            numbers.enumerated().map { ("x\($0)", .numbers($1)) } + [
                ("l", .levels(names: names, codes: codes))
            ],
            labels: codes.map { $0 % 2 == 0 })
        let binned = BinnedData(data, maximumBins: maximumBins)
        let sets = LaneSpace.leastSets(binned.definitions)
        #expect(LaneSpace.leastSets(data.columns, maximumBins: maximumBins) == sets)
    }

    @Test("all matrices of a plan fit into the memory", arguments: [1 << 12, 1 << 20, 512 << 20, 1 << 40])
    func memory(bytes: Int) {
        var settings = StumpSettings()
        settings.memory = bytes
        for plan in [LanePlan.folds(3), .folds(10), .nested(5), .bags(16)] {
            let sets = plan.mostSets(memory: bytes)
            #expect(sets <= 16_384 && (plan.count + 1) * 2 * sets * sets <= bytes)
            let most = plan.correlationBytes(inputs: 2_000, rows: 1_000_000, settings: settings)
            #expect(most <= bytes && most >= (plan.count + 1) * 2 * sets * sets)
            let few = plan.correlationBytes(inputs: 1, rows: 1_000_000, settings: settings)
            #expect(few <= (plan.count + 1) * 2 * 256 * 256)
            #expect(plan.sets(inputs: 50, rows: 1_000, settings: settings) <= max(1_024, 50 * 16))
        }
        #expect(LanePlan.folds(3).mostSets(memory: 1 << 40) == 16_384)
    }

    @Test("with the usual memory, five folds ride on lanes up to the inputs that the page on training states")
    func mostInputs() {
        func most(_ plan: LanePlan) -> Int? {
            (1...2_000).last { plan.takes(inputs: $0, settings: StumpSettings()) }
        }
        #expect(most(.nested(5)) == 246)
        #expect(most(.folds(5)) == 384)
    }

    /// Folds, with a model of each outside two of them.
    private func isSideBySide(_ data: TrainingData, memory: Int) async throws -> Bool {
        var settings = StumpSettings()
        (settings.form, settings.maximumRounds, settings.memory) = (.gram, 8, memory)
        (settings.minimumUsers, settings.stopsEarly) = (1, false)
        let trainer = StumpTrainer(settings: settings, threads: 2)
        let folds = (0..<3).map { fold in
            Fold(
                training: data.labels.indices.filter { $0 % 3 != fold },
                heldOut: data.labels.indices.filter { $0 % 3 == fold })
        }
        // Models that are boosted by themselves are no fit yet when their rounds are chosen.
        let fits = try await trainer.chosenOutside(data, folds: folds).map { $0.fit != nil }
        #expect(Set(fits).count == 1)
        return fits[0]
    }

    @Test("inputs whose matrices do not fit into the memory are boosted model by model")
    func refusals() async throws {
        let labels = (0..<600).map { $0 % 5 == 0 || $0 % 7 == 0 }
        let numbers = Samples.data(
            (0..<6).map { place in
                ("x\(place)", .numbers(labels.indices.map { Double(($0 * (place + 3)) % 97) }))
            }, labels: labels)
        let names = (0..<30).map { "\($0)" }
        let levels = Samples.data(
            (0..<6).map { place in
                (
                    "x\(place)",
                    .levels(names: names, codes: labels.indices.map { Int32(($0 * (place + 1)) % 30) })
                )
            }, labels: labels)
        // Eight matrices of 6 × 16 sets of numbers, and of 6 × 32 of levels.
        #expect(try await isSideBySide(numbers, memory: 8 * 2 * 96 * 96 * 3 / 2))
        #expect(try await !isSideBySide(numbers, memory: 8 * 2 * 96 * 96 / 8))
        #expect(try await !isSideBySide(levels, memory: 8 * 2 * 96 * 96 * 3 / 2))
        #expect(try await isSideBySide(levels, memory: 8 * 2 * 512 * 512 * 3 / 2))
    }
}
