package import LimpetEvents

/// The zones of snapshot times between which an estimate forward in time draws its border.
package struct RowZones: Sendable {
    /// The first late snapshot time; nil where there is no estimate forward in time.
    package let border: Timestamp?
    let horizon: TimeSpan

    /// Finds the border among the times of labelled snapshots.
    package init(_ snapshotTimes: Set<Timestamp>, horizon: TimeSpan) {
        border = Folds.border(of: snapshotTimes, lateShare: ForwardSplit.lateShare)
        self.horizon = horizon
    }

    /// The number of zones.
    var count: Int { border == nil ? 1 : 3 }

    /// Returns 0 for snapshots whose label is known before the border, 2 for late ones, 1 between them.
    func zone(of time: Timestamp) -> Int {
        guard let border else { return 0 }
        if time + horizon <= border { return 0 }
        return time >= border ? 2 : 1
    }

    /// True for snapshots that a model evaluated on late ones may learn from.
    func isEarly(_ time: Timestamp) -> Bool { zone(of: time) == 0 }
}
