/// The trust region of a lane's quadratic model: the number of rounds of its next block, and whether it needs
/// correlations of its own, by how well the model predicted the loss.
struct LaneRegion: Sendable {
    /// The largest number of rounds of the next block.
    private(set) var rounds: Int
    /// True when every round reads all rows.
    private let isPlain: Bool
    /// True when the correlations are out of date.
    var wantsCorrelations = false

    init(isPlain: Bool) {
        self.isPlain = isPlain
        rounds = isPlain ? 1 : Self.most
    }

    private static let (least, most) = (4, 512)
    /// The errors of the gain ratio below which blocks may grow, and above which the correlations are
    /// renewed.
    private static let (small, large) = (0.02, 0.05)

    mutating func accepted(made: Int, of wanted: Int, gainRatio: Double) {
        guard !isPlain else { return }
        let error = (gainRatio - 1).magnitude
        if error > Self.large || made < wanted {
            wantsCorrelations = true
            rounds = max(Self.least, made / 2)
        } else if error < Self.small {
            rounds = min(Self.most, rounds * 2)
        }
    }
}
