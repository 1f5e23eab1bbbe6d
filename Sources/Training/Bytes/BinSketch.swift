package import LimpetEvents
package import LimpetFeatures
import LimpetParallel

/// Snapshots of some users, from which the bins of numbers are chosen before all rows are read.
///
/// Edges are those between values of early rows (`RowZones`), so that the estimate forward in time learns
/// nothing from later ones. Beyond the largest early value there are more for later ones, such as of the time
/// since a user came: bins without an early row, which a model of early rows cannot tell apart.
package struct BinSketch: Sendable {
    private let features: [Feature]
    private let horizon: TimeSpan
    /// The values of each number, `[features][rows]`; empty for categories.
    private var numbers: [[Double]]
    private var times: [Timestamp] = []
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
    package mutating func add(_ table: SnapshotTable, users count: Int) {
        users += count
        let rows = table.labels.indices.filter { table.labels[$0] != nil }
        times += rows.map { table.times[$0] }
        for (place, feature) in features.enumerated() where !feature.kind.isCategorical {
            let column = table.numbers[place]
            numbers[place] += rows.map { column[$0] }
        }
    }

    /// The number of labelled snapshots.
    package var rows: Int { times.count }

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
        let edges = BinEdges.edges(of: early, maximumBins: maximumBins)
        let most = early.reduce(-Double.infinity) { $1 > $0 ? $1 : $0 }
        let beyond = later.filter { $0 > most }
        guard most.isFinite, let least = beyond.min(), maximumBins > 2 * laterBins else { return edges }
        let some =
            edges.count + 1 > maximumBins - laterBins
            ? BinEdges.edges(of: early, maximumBins: maximumBins - laterBins) : edges
        return some + BinEdges.edges(of: [most, least], maximumBins: 2)
            + BinEdges.edges(of: beyond, maximumBins: laterBins)
    }
}
