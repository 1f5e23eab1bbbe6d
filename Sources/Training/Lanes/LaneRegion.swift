/// The trust region of a lane's quadratic model: the number of rounds of its next block, and whether it needs
/// correlations of its own, by how well the model predicted the loss.
struct LaneRegion: Sendable {
    /// The largest number of rounds of the next block.
    private(set) var rounds = Self.most
    /// True when the correlations are out of date.
    var wantsCorrelations = false

    private static let (least, most) = (4, 512)
    /// The errors of the gain ratio below which blocks may grow, above which correlations are out of date,
    /// and above which blocks shrink.
    private static let (small, stale, large) = (0.02, 0.01, 0.05)

    mutating func accepted(made: Int, of wanted: Int, gainRatio: Double) {
        let error = (gainRatio - 1).magnitude
        if error > Self.stale || made < wanted { wantsCorrelations = true }
        if error > Self.large || made < wanted {
            rounds = max(Self.least, made / 2)
        } else if error < Self.small {
            rounds = min(Self.most, rounds * 2)
        }
    }
}
