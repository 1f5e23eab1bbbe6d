package import LimpetEvents
package import LimpetFeatures
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// Training rows that are kept as bins while the snapshots of a log are extracted, part by part.
///
/// Rows are dealt to folds of users as they come, and each block holds rows of one fold and one zone of time
/// (`RowZones`), so that every model of an estimate reads whole blocks. Rows come in the order of these
/// groups, and of users within them; how the log was cut into parts has no effect.
package struct ByteRows: Sendable {
    private let features: [Feature]
    private let label: Label
    private let zones: RowZones
    private let foldCount: Int
    private let seed: UInt64
    /// The edges of numbers, padded with infinity, and how many they are; nil for categories.
    private let edges: [(padded: [Double], count: Int)?]
    private var levels: [LevelTally?]
    private var deck: FoldDeck
    private var groups: [ByteGroup]
    /// The draw of users whose rows with label 0 are kept; nil where all are.
    private var draw: UserDraw?

    /// Makes rows without any.
    ///
    /// - Parameters:
    ///   - edges: of each number; nil for categories.
    ///   - names: the levels that each category can have; empty for numbers.
    ///   - folds: the number of folds that users are dealt to.
    ///   - keptZeros: the share of the users whose rows with label 0 are kept, as by
    ///     `TrainingData.rows(keepingZeros:seed:)`.
    package init(
        _ features: [Feature], edges: [[Double]?], names: [[String]], label: Label, zones: RowZones,
        folds: Int, keptZeros: Double = 1, seed: UInt64
    ) {
        draw = keptZeros < 1 ? UserDraw(share: keptZeros, seed: seed) : nil
        (self.features, self.label, self.zones) = (features, label, zones)
        (foldCount, self.seed) = (folds, seed)
        self.edges = edges.map { edges in
            edges.map { edges in
                let padding = [Double](repeating: .infinity, count: StumpKernels.places - edges.count)
                return (edges + padding, edges.count)
            }
        }
        levels = zip(features, names).map { $0.kind.isCategorical ? LevelTally($1) : nil }
        deck = FoldDeck(count: folds, seed: seed)
        groups = (0..<zones.count * folds).map { place in
            ByteGroup(fold: UInt8(place % folds), inputs: features.count)
        }
    }

    /// Adds the labelled snapshots of some users, all of each.
    ///
    /// - Parameters:
    ///   - firstUser: the index of the table's first user among all.
    ///   - isLeftOut: true for rows to leave out; nil for none.
    package mutating func append(
        _ table: SnapshotTable, firstUser: Int32, isLeftOut: [Bool]? = nil, threads: Int
    ) {
        let rows = kept(table.labelledRows.filter { !(isLeftOut?[$0] ?? false) }, of: table)
        deal(rows, of: table)
        let codes = self.codes(of: rows, of: table, firstUser: firstUser, threads: threads)
        let (edges, inputs) = (edges, features.count)
        let bins = ConcurrentBlocks.map(inputs, threads: threads) { input -> [UInt8] in
            guard let edges = edges[input] else { return [] }
            return Self.bins(of: table.numbers[input], edges: edges.padded, edgeCount: edges.count)
        }
        ConcurrentBlocks.forEach(&groups, threads: threads) { group in
            group.append(table, firstUser: firstUser, bins: bins, codes: codes)
        }
    }

    /// Returns the rows without those with label 0 of users who are not drawn.
    private mutating func kept(_ rows: [Int], of table: SnapshotTable) -> [Int] {
        guard var draw else { return rows }
        var (last, isKept): (Int32, Bool) = (-1, true)
        let kept = rows.filter { row in
            if table.users[row] != last { (last, isKept) = (table.users[row], draw.next()) }
            return isKept || table.labels[row] ?? false
        }
        self.draw = draw
        return kept
    }

    private static func bins(of numbers: [Double], edges: [Double], edgeCount: Int) -> [UInt8] {
        var bins = [UInt8](repeating: 0, count: numbers.count)
        var span = bins.mutableSpan
        StumpKernels.bin(numbers.span, edges: edges.span, edgeCount: edgeCount, into: &span)
        return bins
    }

    /// Gives each group its rows of a part.
    private mutating func deal(_ rows: [Int], of table: SnapshotTable) {
        for group in groups.indices { groups[group].rows.removeAll(keepingCapacity: true) }
        var first = 0
        while first < rows.count {
            let user = table.users[rows[first]]
            var end = first
            var suit = FoldDeck.Suit.isLate
            while end < rows.count, table.users[rows[end]] == user {
                // Models are evaluated on later labels, by these folds.
                if zones.isEarly(table.times[rows[end]]), suit != .leaves {
                    suit = table.labels[rows[end]] ?? false ? .leaves : .stays
                }
                end += 1
            }
            let fold = Int(deck.deal(suit))
            for row in rows[first..<end] {
                groups[zones.zone(of: table.times[row]) * foldCount + fold].rows.append(Int32(row))
            }
            first = end
        }
    }

    /// Returns the codes of categories, `[features][rows of the table]`.
    private mutating func codes(
        of rows: [Int], of table: SnapshotTable, firstUser: Int32, threads: Int
    ) -> [[Int32]] {
        let zones = zones
        var slots = levels.map { (tally: $0, codes: [Int32]()) }
        for place in slots.indices { levels[place] = nil }
        var work = slots.indices.filter { slots[$0].tally != nil }.map { (place: $0, slot: slots[$0]) }
        ConcurrentBlocks.forEach(&work, threads: threads) { item in
            guard var tally = item.slot.tally else { return }
            item.slot.tally = nil
            var codes = [Int32](repeating: -1, count: table.count)
            for row in rows {
                codes[row] = tally.code(
                    table.keys[item.place][row], user: firstUser + table.users[row],
                    isEarly: zones.isEarly(table.times[row]))
            }
            item.slot = (tally, codes)
        }
        for item in work { slots[item.place] = item.slot }
        levels = slots.map(\.tally)
        return slots.map(\.codes)
    }

    // MARK: - The table

    /// Returns the rows as training data.
    ///
    /// - Parameter minimumUsers: the number of users below which a level gets no bin of its own.
    package consuming func finish(minimumLevelUsers minimumUsers: Int, threads: Int) -> TrainingData {
        let definitions = definitions(minimumUsers)
        let tables = zip(levels, definitions).map { $0?.bins(of: $1) }
        var (blocks, users, labels): ([BinnedData.Block], [Int32], [Bool]) = ([], [], [])
        var (times, folds): ([Timestamp], [UInt8]) = ([], [])
        for place in groups.indices {
            groups[place].close()
            groups[place].code(by: tables, threads: threads)
            let group = groups[place]
            groups[place] = ByteGroup(fold: group.fold, inputs: 0)
            var first = users.count
            for bins in group.full {
                let count = bins.count / max(1, features.count)
                blocks.append(BinnedData.Block(firstRow: first, rowCount: count, bins: bins))
                first += count
            }
            users += group.users
            labels += group.labels
            times += group.times
            folds += [UInt8](repeating: group.fold, count: group.users.count)
        }
        let table = ByteTable(definitions, blocks: blocks)
        return TrainingData(
            inputs: features.map { .init(name: $0.name, isCategorical: $0.kind.isCategorical) },
            columns: features.indices.map { .bytes(ByteColumn(table, $0)) },
            isSkewed: features.map(\.kind.isSkewed), labels: labels, users: users, times: times,
            horizon: label.horizon,
            dealt: DealtFolds(count: foldCount, seed: seed, border: zones.border, ofRow: folds))
    }

    private func definitions(_ minimumUsers: Int) -> [BinDefinition] {
        features.indices.map { place in
            if let tally = levels[place] { return tally.definition(minimumUsers: minimumUsers) }
            let edges = edges[place].map { Array($0.padded.prefix($0.count)) } ?? []
            return BinDefinition(kind: .numbers(edges: edges))
        }
    }
}
