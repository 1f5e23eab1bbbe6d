import LimpetLinearAlgebra
import LimpetNumerics

extension LaneBooster {
    /// Rounds that a lane wants to make.
    struct Proposal: Sendable {
        var stumps: [LaneModel.Stump] = []
        var levels: [Int: [Int]] = [:]
        var factor = 1.0
        var gainRatio = 1.0
        /// The number of stumps that were wanted, before any was taken back.
        var wanted = 0
        var generator: RandomGenerator

        /// The decrease of the loss by the quadratic model.
        var promised: Double { factor * stumps.reduce(0) { $0 + $1.fall } }

        func values(_ space: LaneSpace) -> [[Double]?] {
            var values = [[Double]?](repeating: nil, count: space.inputs.count)
            rounds.add(first: stumps.count, to: &values, space)
            return values
        }

        var rounds: LaneRounds { LaneRounds(stumps: stumps, levels: levels, factor: factor) }

        /// Takes back half of the rounds, or of the last one's step.
        mutating func shorten() {
            if stumps.count > 1 {
                stumps.removeLast(stumps.count - stumps.count / 2)
            } else if factor > 1e-6 {
                factor /= 2
            } else {
                stumps = []
            }
        }
    }
}

extension LaneBooster.Lane {
    /// Takes over rounds that have been added to the scores.
    mutating func accept(_ proposal: LaneBooster.Proposal) {
        generator = proposal.generator
        guard proposal.wanted > 0 else { return }
        if !proposal.stumps.isEmpty { blocks.append(proposal.rounds) }
        rounds += proposal.stumps.count
        region.accepted(
            made: proposal.stumps.count, of: proposal.wanted, gainRatio: proposal.gainRatio)
        isFinished = proposal.stumps.isEmpty
    }
}
