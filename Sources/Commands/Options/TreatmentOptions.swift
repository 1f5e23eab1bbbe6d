public import ArgumentParser
public import LimpetPipelines
import LimpetSimulation

extension TreatedWindows: ExpressibleByArgument {}

/// The flags for training a model of churn without offers on a log with offers.
struct TreatmentOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "Events that are an offer to the user, e.g. offer_shown.")
    var offerEvents: [String] = []

    @Option(
        help: """
            exclude, term or ignore label windows that hold an offer (default: exclude with --offer-events). \
            Who left early was shown no offer, so that exclude keeps too many leavers where no holdout is \
            known; term gives offers one effect for all.
            """)
    var treated: TreatedWindows?

    @Option(help: "File of the users whom no offer ever reaches, one id per line: preferred by exclude.")
    var holdoutUsers: String?

    /// The offer events of a simulated log, which are looked for where no events are named.
    static let usualOffers = [SimulatedEvent.offerShown.rawValue]

    func validate() throws {
        guard !offerEvents.isEmpty || treated ?? .ignore == .ignore else {
            throw ValidationError("--treated \(treated?.rawValue ?? "") needs --offer-events NAME")
        }
        guard holdoutUsers == nil || !offerEvents.isEmpty else {
            throw ValidationError("--holdout-users needs --offer-events NAME")
        }
    }

    /// The flags with whether each was given, so that trainings on a table can refuse them.
    var treatmentFlags: [(name: String, isGiven: Bool)] {
        [
            ("--offer-events", !offerEvents.isEmpty), ("--treated", treated != nil),
            ("--holdout-users", holdoutUsers != nil),
        ]
    }

    /// Returns the treatment of the offers that are named, else of those that a simulated log would have.
    func treatment() -> OfferTreatment {
        let isNamed = !offerEvents.isEmpty
        return OfferTreatment(
            offers: isNamed ? offerEvents : Self.usualOffers,
            windows: treated ?? (isNamed ? .exclude : .ignore), holdoutUsers: holdoutUsers,
            isAssumed: !isNamed)
    }
}
