/// The constants of the daily step that follow from the settings.
package struct Law: Sendable {
    let activity: Double
    /// The odds of leaving on one day for the reference user.
    let baseOdds: Double
    let failureEffect: Double
    let offerEffect: Double
    let silentLeavers: Double

    package init(_ settings: SimulationSettings) {
        activity = settings.activity
        baseOdds = settings.baseHazard / (1 - settings.baseHazard)
        failureEffect = settings.failureEffect
        offerEffect = settings.offerEffect
        silentLeavers = settings.silentLeavers
    }
}
