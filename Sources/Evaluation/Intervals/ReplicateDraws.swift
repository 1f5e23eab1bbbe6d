/// How often each unit is drawn in each replicate of a batch, in blocks of 16 replicates.
struct ReplicateDraws: Sendable {
    /// The number of replicates that are computed together, so that memory does not grow with their number.
    static let batch = 256

    /// The draws, `[replicates][units]`.
    let ofReplicate: [[UInt32]]
    /// The number of blocks.
    let blocks: Int
    /// The draws as `[units][blocks]`.
    private(set) var counts: [SIMD16<UInt16>] = []
    /// The same as numbers to multiply weights with; empty where not needed.
    private(set) var numbers: [SIMD16<Float>] = []
    /// The number of rows whose sums of draws are sure to fit into 16 bits.
    let rowsWithin16Bits: Int

    /// Draws as many units as there are for each seed.
    init(seeds: [UInt64], units: Int, asNumbers: Bool) {
        blocks = (seeds.count + 15) / 16
        ofReplicate = seeds.map { seed in
            var counts = [UInt32](repeating: 0, count: units)
            UserResampling.draws(seed: seed, into: &counts)
            return counts
        }
        let most = ofReplicate.reduce(1) { max($0, $1.max() ?? 0) }
        // A unit is drawn no more often than there are units: clusters, or at most `fewUsers` users.
        precondition(most <= UInt16.max, "draws fit into 16 bits")
        rowsWithin16Bits = Int(UInt32(UInt16.max) / most)
        if asNumbers {
            numbers = [SIMD16<Float>](repeating: .zero, count: units * blocks)
        } else {
            counts = [SIMD16<UInt16>](repeating: .zero, count: units * blocks)
        }
        for (replicate, draws) in ofReplicate.enumerated() {
            let (block, lane) = (replicate / 16, replicate % 16)
            for unit in 0..<units {
                if asNumbers {
                    numbers[unit * blocks + block][lane] = Float(draws[unit])
                } else {
                    counts[unit * blocks + block][lane] = UInt16(draws[unit])
                }
            }
        }
    }
}
