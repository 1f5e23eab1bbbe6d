import LimpetLinearAlgebra

/// The memory of the correlations that the models of a plan hold.
extension LanePlan {
    /// The most matrices of correlations at a time: every lane may come to hold one of its own, beside the
    /// one that all begin with. Where lanes share curvature they may too, since each takes a new matrix only
    /// when its model has predicted badly: who is content keeps the one that served it well.
    private var mostMatrices: Int { count + 1 }

    /// Returns the largest number of sets whose correlations fit into a memory, in bytes.
    package func mostSets(memory: Int) -> Int {
        var sets = LaneSpace.mostSets
        while sets > 0, mostMatrices * SetCorrelations.byteCount(sets: sets) > memory {
            sets -= sets / 64 + 1
        }
        return sets
    }

    /// Returns true where the models ride on lanes whatever the bins of inputs that are numbers.
    package func takes(inputs: Int, settings: StumpSettings) -> Bool {
        isOneVector && inputs * LaneSpace.leastGroups <= mostSets(memory: settings.memory)
    }

    /// Returns the memory that correlations take at most, in bytes, for inputs that are numbers, or have few
    /// levels.
    package func correlationBytes(inputs: Int, rows: Int, settings: StumpSettings) -> Int {
        let sets = sets(inputs: inputs, rows: rows, settings: settings)
        return isOneVector ? mostMatrices * SetCorrelations.byteCount(sets: sets) : 0
    }

    /// Returns true where values are so few that each model is boosted by itself.
    package static func areFew(values: Int, settings: StumpSettings) -> Bool {
        settings.form == .automatic && values <= LaneSelection.fewBins
    }

    /// Returns the number of sets at most, for inputs that are numbers or have few levels.
    package func sets(inputs: Int, rows: Int, settings: StumpSettings) -> Int {
        let merged = max(LaneSpace.usualSets(rows: rows), inputs * LaneSpace.leastGroups)
        return min(mostSets(memory: settings.memory), inputs * settings.maximumBins, merged)
    }
}
