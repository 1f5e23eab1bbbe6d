import LimpetDocuments
package import LimpetEvents
import LimpetFiles
package import LimpetTraining

/// The treatment of label windows that hold an offer.
public enum TreatedWindows: String, CaseIterable, Sendable {
    /// They are left out, of the training and of the estimate.
    case exclude
    /// They are used, with the offer as a term of the fit that the model leaves out.
    case term
    /// They are rows like any other.
    case ignore
}

/// The offers of a log, and how a model of churn without offers is trained on it.
///
///     let offers = OfferTreatment(offers: ["offer_shown"], windows: .term)
///     let input = try await TrainingInput.read(extraction, treatment: offers)
public struct OfferTreatment: Sendable {
    /// The events that are an offer to the user.
    public var offers: [String]
    /// The treatment of label windows that hold one.
    public var windows: TreatedWindows
    /// The file of the users whom no offer ever reaches, one id per line; nil where none are known.
    public var holdoutUsers: String?
    /// True when nobody has named the offers, so that a log may well be without them.
    public var isAssumed: Bool

    /// Makes a treatment.
    public init(
        offers: [String], windows: TreatedWindows = .exclude, holdoutUsers: String? = nil,
        isAssumed: Bool = false
    ) {
        (self.offers, self.windows) = (offers, windows)
        (self.holdoutUsers, self.isAssumed) = (holdoutUsers, isAssumed)
    }

    /// Returns the data to train on, with a summary of the offers; the summary is nil where offers are only
    /// assumed, and the log has none.
    package func applied(
        to data: TrainingData, log: EventLog, observer: any PipelineObserver
    ) throws -> (data: TrainingData, summary: TreatmentSummary?) {
        let holdout = try holdout(of: log.users, observer)
        return applied(
            to: data, OfferWindows(data, log: log, offers: EventPattern(names: offers), holdout: holdout))
    }

    /// Returns the data to train on, with a summary of the offers in their windows.
    func applied(
        to data: TrainingData, _ found: OfferWindows
    ) -> (data: TrainingData, summary: TreatmentSummary?) {
        let summary = TreatmentSummary(
            treatedShare: found.treatedShare, sparedRows: found.isSpared.count { $0 },
            sparedRowsSuffice: found.sparedRowsSuffice, of: self, rows: data.count)
        guard summary != nil else { return (data, nil) }
        switch windows {
        case .ignore: return (data, summary)
        case .exclude: return (data.selecting(found.untreatedRows), summary)
        case .term: return (data.adding(treatment: found.isTreated), summary)
        }
    }

    /// Returns the users whom no offer ever reaches.
    ///
    /// - Parameter users: the log's.
    /// - Throws: `InputError` when the log knows none of them; of a few unknown ones it only warns.
    func holdout(of users: [String], _ observer: any PipelineObserver) throws -> VerbatimSet {
        guard let path = holdoutUsers else { return [] }
        let holdout = try namedHoldout()
        let unknown = holdout.subtracting(VerbatimSet(users))
        guard let example = unknown.sorted().first else { return holdout }
        guard unknown.count < holdout.count else {
            throw InputError(
                InputPlace(file: path),
                "no user of the log is among its \(Format.count(holdout.count)) lines; expected one id per "
                    + "line, found e.g. \(example.quoted)")
        }
        observer.note(
            "warning: \(path): \(Format.count(unknown.count)) of \(Format.count(holdout.count)) users are "
                + "not in the log, e.g. \(example.quoted)")
        return holdout
    }

    /// Returns the users that the file names.
    private func namedHoldout() throws -> VerbatimSet {
        guard let path = holdoutUsers else { return [] }
        let bytes = try ByteSource(path: path).readAll(limit: 1 << 30)
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return VerbatimSet(lines.map { String($0) })
    }
}
