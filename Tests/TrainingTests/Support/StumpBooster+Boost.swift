import LimpetTraining

extension StumpBooster {
    /// Boosts one round over all rows.
    ///
    /// - Returns: the input that was split and the value added to each of its bins; nil when nothing lowers
    ///   the loss.
    mutating func boost() -> (input: Int, values: [Double])? {
        let made = blocks.count
        boostBlock(rounds: 1)
        guard blocks.count > made, case .step(let input, let values) = blocks[made] else { return nil }
        return (input, values)
    }
}
