import LimpetNumerics

/// The constants of the daily step that follow from the settings, on one day of the log.
package struct Law: Sendable {
    let activity: Double
    /// The odds of leaving on one day for the reference user.
    private(set) var baseOdds: Double
    private(set) var failureEffect: Double
    let offerEffect: Double
    let silentLeavers: Double
    /// The change over the log in the log-odds of leaving, by each day.
    private let dailyDrift: Double
    private let first: (baseOdds: Double, failureEffect: Double)
    private var day = 0

    package init(_ settings: SimulationSettings) {
        activity = settings.activity
        baseOdds = settings.baseHazard / (1 - settings.baseHazard)
        failureEffect = settings.failureEffect
        offerEffect = settings.offerEffect
        silentLeavers = settings.silentLeavers
        dailyDrift = settings.drift / Double(settings.days)
        first = (baseOdds, failureEffect)
    }

    /// Returns the law of a day, from 0: where the hazard drifts, users leave more and more, and failed
    /// attempts tell less and less of it.
    package func on(_ day: Int) -> Law {
        guard dailyDrift != 0 else { return self }
        var law = self
        let change = dailyDrift * Double(day)
        law.day = day
        law.baseOdds = first.baseOdds * ElementaryFunctions.exp(change)
        law.failureEffect = first.failureEffect * ElementaryFunctions.exp(-change)
        return law
    }

    /// The law of the next day.
    var next: Law { on(day + 1) }
}
