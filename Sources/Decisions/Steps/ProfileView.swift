public import LimpetEvents
public import LimpetScoring

/// The knowledge and the prediction about one user at a time: for people who look at a user, not for
/// decisions.
public struct ProfileView: Sendable {
    /// The time.
    public let time: Timestamp
    /// The score; nil where the user is not in the model's population, or objects to profiling.
    public let score: Scorer.Score?
    /// The leading reasons of the score.
    public let reasons: [Reason]
    /// True if the user is in the holdout.
    public let isHeldOut: Bool

    /// The largest number of reasons.
    static let reasonCount = 3
}

extension Stepper {
    /// Looks at a profile at a time.
    public func view(_ profile: Profile, at time: Timestamp) -> ProfileView {
        let rule = policy.policy.consent
        let mayScore =
            !profile.isOverflowing && profile.consent.allows(ConsentStatements.profile, under: rule)
        let vector = mayScore ? features(of: profile, at: time) : nil
        return ProfileView(
            time: time, score: vector.map { policy.scorer.score($0) },
            reasons: vector.map { policy.scorer.reasons($0, count: ProfileView.reasonCount) } ?? [],
            isHeldOut: policy.isHeldOut(profile))
    }
}
