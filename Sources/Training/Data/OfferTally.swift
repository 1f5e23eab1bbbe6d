package import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures

/// The label windows that hold an offer, and those without one by design, of snapshots that come in parts of
/// whole users; see ``OfferWindows``.
package struct OfferTally: Sendable {
    private let offers: EventPattern
    private let holdout: VerbatimSet
    private let horizon: TimeSpan
    /// The time of the first offer of the log; nil when there is none.
    private let first: Timestamp?
    /// The number of label windows.
    package private(set) var rows = 0
    /// The number of those that hold an offer.
    package private(set) var treatedRows = 0
    /// The number of windows without an offer by design.
    package private(set) var sparedRows = 0
    /// The number of users with label 1 in a window without an offer by design.
    private var sparedLeavers = 0

    /// Makes a tally of no window.
    ///
    /// - Parameters:
    ///   - holdout: users whom no offer reaches.
    ///   - first: the time of the log's first offer, by ``firstOffer(in:of:)`` of all parts.
    package init(offers: EventPattern, holdout: VerbatimSet, horizon: TimeSpan, first: Timestamp?) {
        (self.offers, self.holdout, self.horizon, self.first) = (offers, holdout, horizon, first)
    }

    /// Returns the time of a log's first offer; nil where there is none.
    package static func firstOffer(in log: EventLog, of offers: EventPattern) -> Timestamp? {
        let isOffer = log.eventNames.map { !offers.isAny && offers.matches($0) }
        guard isOffer.contains(true) else { return nil }
        var first: Int64?
        for (row, event) in log.events.enumerated() where isOffer[Int(event)] {
            first = min(first ?? .max, log.times[row])
        }
        return first.map { Timestamp(milliseconds: $0) }
    }

    /// Adds the labelled snapshots of some users, which are indices into the log's.
    ///
    /// - Returns: whether each row's window holds an offer, and whether it is without one by design.
    package mutating func add(
        _ table: SnapshotTable, of log: EventLog, users some: Range<Int>
    ) -> (isTreated: [Bool], isSpared: [Bool]) {
        let labelled = table.labelledRows
        rows += labelled.count
        var isTreated = [Bool](repeating: false, count: table.count)
        guard let first else {
            sparedRows += labelled.count
            countLeavers(table) { _ in true }
            return (isTreated, [Bool](repeating: true, count: table.count))
        }
        var isSpared = isTreated
        let times = OfferTimes(log, users: some, offers: offers, holdout: holdout, first: first)
        for row in labelled {
            let (user, time) = (Int(table.users[row]), table.times[row])
            let window = times.window(ofUser: user, from: time, to: time + horizon)
            (isTreated[row], isSpared[row]) = window
            if window.isTreated { treatedRows += 1 }
            if window.isSpared { sparedRows += 1 }
        }
        countLeavers(table) { isSpared[$0] }
        return (isTreated, isSpared)
    }

    private mutating func countLeavers(_ table: SnapshotTable, isSpared: (Int) -> Bool) {
        var last: Int32 = -1
        for row in table.labels.indices where table.labels[row] == true && isSpared(row) {
            if table.users[row] != last { sparedLeavers += 1 }
            last = table.users[row]
        }
    }

    /// The share of label windows that hold an offer, from 0 to 1; 0 without rows.
    package var treatedShare: Double { rows == 0 ? 0 : Double(treatedRows) / Double(rows) }

    /// Returns true when the rows without an offer by design suffice to train on them alone.
    ///
    /// - Parameter share: that of the tally's users among all.
    package func sparedRowsSuffice(inputs: Int, ofUsers share: Double = 1) -> Bool {
        OfferWindows.suffice(leavers: Double(sparedLeavers) / share, inputs: inputs)
    }
}
