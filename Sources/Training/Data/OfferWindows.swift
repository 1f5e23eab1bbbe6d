public import LimpetDocuments
public import LimpetEvents

/// The label windows that hold an offer, and those that are without one by design.
///
/// A model of churn without offers cannot simply leave out the treated windows: a user who left early
/// received no later offers, so windows without one hold too many leavers, the more so the more offers there
/// are. Two kinds of windows are free of this: those of users whom no offer ever reaches (the holdout), and
/// those that end before the first offer of the log.
public struct OfferWindows: Hashable, Sendable {
    /// True for each row whose window `[t, t + horizon)` holds an offer to the row's user.
    public let isTreated: [Bool]
    /// True for each row without an offer by design, that is, independently of the events in its window.
    public let isSpared: [Bool]
    /// True when the rows without an offer by design suffice to train on them alone.
    public let sparedRowsSuffice: Bool

    /// The number of users with label 1 per input that the rows without an offer by design need to be trained
    /// on alone: events per variable, P. Peduzzi et al., Journal of Clinical Epidemiology 49 (1996).
    public static let leaversPerInput = 10

    /// The share of treated windows above which a model that ignores them gets a warning.
    public static let warningShare = 0.1

    /// Finds the windows of snapshots; rows of a table have none and count as untreated.
    ///
    /// - Parameters:
    ///   - log: the log whose user indices the data use.
    ///   - offers: the events that are an offer to the user.
    ///   - holdout: users whom no offer reaches.
    public init(_ data: TrainingData, log: EventLog, offers: EventPattern, holdout: VerbatimSet = []) {
        let times = OfferTimes(log, offers: offers)
        guard let snapshotTimes = data.times, let horizon = data.horizon else {
            isTreated = data.labels.map { _ in false }
            isSpared = isTreated
            sparedRowsSuffice = false
            return
        }
        let isHeldOut = log.users.map { holdout.contains($0) }
        let treated = data.users.indices.map { row in
            times.isOffered(Int(data.users[row]), from: snapshotTimes[row], to: snapshotTimes[row] + horizon)
        }
        isTreated = treated
        let spared = data.users.indices.map { row in
            !treated[row]
                && (isHeldOut[Int(data.users[row])] || times.isEarlier(snapshotTimes[row] + horizon))
        }
        isSpared = spared
        let leavers = Set(spared.indices.filter { spared[$0] && data.labels[$0] }.map { data.users[$0] })
        sparedRowsSuffice = Self.suffice(leavers: leavers.count, inputs: data.inputs.count)
    }

    /// Returns true when rows without an offer by design suffice, by the number of their users with label 1.
    static func suffice(leavers: Int, inputs: Int) -> Bool { leavers >= leaversPerInput * inputs }

    /// The share of label windows that hold an offer, from 0 to 1; 0 without rows.
    public var treatedShare: Double {
        isTreated.isEmpty ? 0 : Double(isTreated.count { $0 }) / Double(isTreated.count)
    }

    /// The rows of churn without offers: those without an offer by design where they suffice, else all
    /// without one. The latter hold too many leavers, so that probabilities are too high, but training on too
    /// few rows would degrade the ranking by more.
    public var untreatedRows: [Int] {
        isTreated.indices.filter { sparedRowsSuffice ? isSpared[$0] : !isTreated[$0] }
    }
}

/// The times of each user's offers in a log.
struct OfferTimes {
    private let times: [[Int64]]
    /// The time of the first offer to any user; nil when there was none.
    private let first: Int64?

    /// Finds the offers of a log.
    ///
    /// - Parameter first: the time of the first offer of a log of which this one is a part.
    init(_ log: EventLog, offers: EventPattern, first: Timestamp? = nil) {
        let isOffer = log.eventNames.map { !offers.isAny && offers.matches($0) }
        times = log.users.indices.map { user in
            log.rows(ofUser: user).filter { isOffer[Int(log.events[$0])] }.map { log.times[$0] }
        }
        self.first = first?.milliseconds ?? times.compactMap(\.first).min()
    }

    /// Returns true if all offers lie at `end` or after it.
    func isEarlier(_ end: Timestamp) -> Bool { first.map { end.milliseconds <= $0 } ?? true }

    /// Returns true if the user got an offer in `[from, to)`.
    func isOffered(_ user: Int, from: Timestamp, to: Timestamp) -> Bool {
        times[user].contains { $0 >= from.milliseconds && $0 < to.milliseconds }
    }
}
