import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetSimulation
import LimpetTraining

/// The treatment of label windows that hold an offer.
enum TreatedWindows: String, CaseIterable, ExpressibleByArgument {
    /// They are left out, of the training and of the estimate.
    case exclude
    /// They are used, with the offer as a term of the fit that the model leaves out.
    case term
    /// They are rows like any other.
    case ignore
}

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

    private var way: TreatedWindows { treated ?? (offerEvents.isEmpty ? .ignore : .exclude) }

    /// Returns the data to train on, with a summary of the offers; the summary is nil where the log has none.
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

    /// - Throws: `InputError` when the log knows none of them; of a few unknown ones it only warns.
    private static func users(in path: String, log: EventLog) throws -> Set<String> {
        let bytes = try ByteSource(path: path).readAll(limit: 1 << 30)
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let users = Set(lines.map { String($0) })
        let unknown = users.subtracting(log.users)
        guard let example = unknown.sorted().first else { return users }
        guard unknown.count < users.count else {
            throw InputError(
                InputPlace(file: path),
                "no user of the log is among its \(Format.count(users.count)) lines; expected one id per "
                    + "line, found e.g. \(example.quoted)")
        }
        Terminal.note(
            "warning: \(path): \(Format.count(unknown.count)) of \(Format.count(users.count)) users are "
                + "not in the log, e.g. \(example.quoted)")
        return users
    }
}
