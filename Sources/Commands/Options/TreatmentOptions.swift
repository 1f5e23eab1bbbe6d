import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetSimulation
import LimpetTraining

/// What is done with label windows that hold an offer.
enum TreatedWindows: String, CaseIterable, ExpressibleByArgument {
    /// They are left out, of the training and of the estimate.
    case exclude
    /// They are learnt from, with the offer as a term that is none in the model.
    case term
    /// They are rows like any other.
    case ignore
}

/// How a model of churn without offers is learnt from a log with offers.
struct TreatmentOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "Events that are an offer to the user, e.g. offer_shown.")
    var offerEvents: [String] = []

    @Option(
        help: """
            exclude, term or ignore label windows that hold an offer (default: exclude with --offer-events). \
            Who left early was shown no offer, so that exclude keeps too many leavers where no holdout is known; \
            term gives offers one effect for all.
            """)
    var treated: TreatedWindows?

    @Option(help: "File of the users whom no offer ever reaches, one id per line: preferred by exclude.")
    var holdoutUsers: String?

    /// Events that the simulation calls offers: they are looked for where none are named.
    static let usualOffers = [SimulatedEvent.offerShown.rawValue]

    func validate() throws {
        guard !offerEvents.isEmpty || treated ?? .ignore == .ignore else {
            throw ValidationError("--treated \(treated?.rawValue ?? "") needs --offer-events NAME")
        }
        guard holdoutUsers == nil || !offerEvents.isEmpty else {
            throw ValidationError("--holdout-users needs --offer-events NAME")
        }
    }

    /// Flags that were given, for trainings on something else than a log.
    var treatmentFlags: [(name: String, isGiven: Bool)] {
        [
            ("--offer-events", !offerEvents.isEmpty), ("--treated", treated != nil),
            ("--holdout-users", holdoutUsers != nil),
        ]
    }

    private var way: TreatedWindows { treated ?? (offerEvents.isEmpty ? .ignore : .exclude) }

    /// The data as they are learnt from, with what is to be said of offers; nil where the log has none.
    func applied(to data: TrainingData, log: EventLog) throws -> (
        data: TrainingData, summary: TreatmentSummary?
    ) {
        let names = offerEvents.isEmpty ? Self.usualOffers : offerEvents
        let holdout = try holdoutUsers.map { try Self.users(in: $0, log: log) } ?? []
        let windows = OfferWindows(data, log: log, offers: EventPattern(names: names), holdout: holdout)
        guard !offerEvents.isEmpty || windows.treatedShare > 0 else { return (data, nil) }
        let summary = TreatmentSummary(windows: windows, way: way, offers: names, rows: data.count)
        switch way {
        case .ignore: return (data, summary)
        case .exclude: return (data.selecting(windows.untreatedRows), summary)
        case .term: return (data.adding(treatment: windows.isTreated), summary)
        }
    }

    /// - Throws: `InputError` when the log knows none of them; some unknown ones are only remarked on.
    private static func users(in path: String, log: EventLog) throws -> Set<String> {
        let bytes = try ByteSource(path: path).readAll(limit: 1 << 30)
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let users = Set(lines.map { String($0) })
        let unknown = users.subtracting(log.users)
        guard let example = unknown.sorted().first else { return users }
        guard unknown.count < users.count else {
            throw InputError(
                InputPlace(file: path),
                "no user of the log is among its \(Format.count(users.count)) lines; expected one id per line, "
                    + "found e.g. \(example.quoted)")
        }
        Terminal.note(
            "warning: \(path): \(Format.count(unknown.count)) of \(Format.count(users.count)) users are not in "
                + "the log, e.g. \(example.quoted)")
        return users
    }
}
