import LimpetTraining

extension StumpBooster {
    /// One round that looks at all rows.
    ///
    /// - Returns: the input that was split and what each of its bins gained; nil when nothing lowers the loss.
    mutating func boost() -> (input: Int, values: [Double])? {
        let made = blocks.count
        boostBlock(rounds: 1)
        guard blocks.count > made, case .step(let input, let values) = blocks[made] else { return nil }
        return (input, values)
    }
}
