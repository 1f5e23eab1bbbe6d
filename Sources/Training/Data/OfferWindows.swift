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
        guard let snapshotTimes = data.times, let horizon = data.horizon else {
            let none = data.labels.map { _ in false }
            self.init(isTreated: none, isSpared: none, sparedRowsSuffice: false)
            return
        }
        let times = OfferTimes(log, users: log.users.indices, offers: offers, holdout: holdout)
        let windows = zip(data.users, snapshotTimes).map { user, time in
            times.window(ofUser: Int(user), from: time, to: time + horizon)
        }
        let spared = windows.map(\.isSpared)
        let leavers = Set(spared.indices.filter { spared[$0] && data.labels[$0] }.map { data.users[$0] })
        self.init(
            isTreated: windows.map(\.isTreated), isSpared: spared,
            sparedRowsSuffice: Self.suffice(leavers: Double(leavers.count), inputs: data.inputs.count))
    }

    /// Makes windows of rows that were looked at before.
    package init(isTreated: [Bool], isSpared: [Bool], sparedRowsSuffice: Bool) {
        (self.isTreated, self.isSpared) = (isTreated, isSpared)
        self.sparedRowsSuffice = sparedRowsSuffice
    }

    /// Returns true when rows without an offer by design suffice, by the number of their users with label 1.
    static func suffice(leavers: Double, inputs: Int) -> Bool {
        leavers >= Double(leaversPerInput * inputs)
    }

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

/// The times of the offers to some users of a log.
struct OfferTimes {
    private let firstUser: Int
    /// The times of each user's offers.
    private let times: [[Int64]]
    /// True for users whom no offer reaches.
    private let isHeldOut: [Bool]
    /// The time of the first offer to any user; nil when there was none.
    private let first: Int64?

    /// Finds the offers of a log.
    ///
    /// - Parameters:
    ///   - some: the users to look at, as indices into the log's.
    ///   - holdout: users whom no offer reaches.
    ///   - first: the time of the first offer of a log of which these users are a part.
    init(
        _ log: EventLog, users some: Range<Int>, offers: EventPattern, holdout: VerbatimSet,
        first: Timestamp? = nil
    ) {
        let isOffer = log.eventNames.map { !offers.isAny && offers.matches($0) }
        firstUser = some.lowerBound
        times = some.map { user in
            log.rows(ofUser: user).filter { isOffer[Int(log.events[$0])] }.map { log.times[$0] }
        }
        isHeldOut = some.map { holdout.contains(log.users[$0]) }
        self.first = first?.milliseconds ?? times.compactMap(\.first).min()
    }

    /// Returns whether the window `[from, to)` of a user holds an offer, and whether it is without one by
    /// design: the user is held out, or all offers lie after it.
    func window(ofUser user: Int, from: Timestamp, to: Timestamp) -> (isTreated: Bool, isSpared: Bool) {
        let place = user - firstUser
        let isTreated = times[place].contains { $0 >= from.milliseconds && $0 < to.milliseconds }
        let isEarlier = first.map { to.milliseconds <= $0 } ?? true
        return (isTreated, !isTreated && (isHeldOut[place] || isEarlier))
    }
}
