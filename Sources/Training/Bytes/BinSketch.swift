package import LimpetEvents
package import LimpetFeatures
import LimpetParallel

/// Snapshots of some users, from which the bins of numbers are chosen before all rows are read.
///
/// Edges are those between values of early rows (`RowZones`), so that the estimate forward in time learns
/// nothing from later ones. Beyond the largest early value there are more for later ones, such as of the time
/// since a user came: bins without an early row, which a model of early rows cannot tell apart. So are all
/// bins of a number that no early row has, such as of an event that is new.
package struct BinSketch: Sendable {
    private let features: [Feature]
    private let horizon: TimeSpan
    /// The values of each number, `[features][rows]`; empty for categories.
    private var numbers: [[Double]]
    private var times: [Timestamp] = []
    private var labels: [Bool] = []
    private var marks: [Bool] = []
    /// The number of users that were looked at.
    package private(set) var users = 0

    /// The bins that later values may take.
    private static let laterBins = 32

    /// Makes a sketch without rows.
    package init(_ features: [Feature], horizon: TimeSpan) {
        (self.features, self.horizon) = (features, horizon)
        numbers = features.map { _ in [] }
    }

    /// Adds the labelled snapshots of some users.
    ///
    /// - Parameters:
    ///   - isLeftOut: true for rows to leave out; nil for none.
    ///   - marks: of rows, for ``marked``; nil for none.
    package mutating func add(
        _ table: SnapshotTable, users count: Int, isLeftOut: [Bool]? = nil, marks: [Bool]? = nil
    ) {
        let some = table.labelledRows.filter { !(isLeftOut?[$0] ?? false) }
        users += count
        times += some.map { table.times[$0] }
        labels += some.map { table.labels[$0] ?? false }
        if let marks { self.marks += some.map { marks[$0] } }
        for (place, feature) in features.enumerated() where !feature.kind.isCategorical {
            let column = table.numbers[place]
            numbers[place] += some.map { column[$0] }
        }
    }

    /// The number of labelled snapshots.
    package var rows: Int { times.count }

    /// The number of those with label 1.
    package var positives: Int { labels.count { $0 } }

    /// The sketch of the marked rows alone.
    package var marked: BinSketch {
        var sketch = self
        let some = marks.indices.filter { marks[$0] }
        sketch.times = some.map { times[$0] }
        sketch.labels = some.map { labels[$0] }
        sketch.numbers = numbers.map { column in column.isEmpty ? [] : some.map { column[$0] } }
        sketch.marks = some.map { _ in true }
        return sketch
    }

    /// The zones of the snapshot times at which there are rows.
    package var zones: RowZones { RowZones(Set(times), horizon: horizon) }

    /// Returns the edges of each number, ascending; nil for categories.
    ///
    /// - Parameter maximumBins: the largest number of bins, the one of missing values included.
    package func edges(maximumBins: Int, threads: Int) -> [[Double]?] {
        let zones = zones
        let isEarly = times.map { zones.isEarly($0) }
        return ConcurrentBlocks.map(features.count, threads: threads) { place -> [Double]? in
            guard !features[place].kind.isCategorical else { return nil }
            let early = isEarly.indices.filter { isEarly[$0] }.map { numbers[place][$0] }
            return Self.edges(
                early, later: isEarly.indices.filter { !isEarly[$0] }.map { numbers[place][$0] },
                maximumBins: maximumBins - 1)
        }
    }

    private static func edges(_ early: [Double], later: [Double], maximumBins: Int) -> [Double] {
        guard early.contains(where: { !$0.isNaN }) else {
            return BinEdges.edges(of: later, maximumBins: maximumBins)
        }
        let hasLaterBins = !later.isEmpty && maximumBins > 2 * laterBins
        let edges = BinEdges.edges(
            of: early, maximumBins: hasLaterBins ? maximumBins - laterBins : maximumBins)
        let most = early.reduce(-Double.infinity) { $1 > $0 ? $1 : $0 }
        let beyond = later.filter { $0 > most }
        guard hasLaterBins, most.isFinite, let least = beyond.min() else { return edges }
        return edges + BinEdges.edges(of: [most, least], maximumBins: 2)
            + BinEdges.edges(of: beyond, maximumBins: laterBins)
    }
}
