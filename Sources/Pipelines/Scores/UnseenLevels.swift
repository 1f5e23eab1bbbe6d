import LimpetDocuments
package import LimpetEvents
package import LimpetScoring

/// Counts of rows whose categories have levels that training did not have, by input.
package struct UnseenLevels: Sendable {
    /// The levels of one input that a term reads.
    fileprivate struct Input {
        let index: Int
        let name: String
        /// The keys of the levels of training.
        let levels: Set<UInt64>
        /// The share of training rows whose levels were too rare to be kept.
        let rare: Double
        var rows = 0
        /// The rows of each unseen level, of the first ``DriftCounts/unseenLimit`` of them.
        var rowsOfKey: [UInt64: Int] = [:]
        var texts: [UInt64: String] = [:]
    }

    private var inputs: [Input]
    private var rows = 0

    /// The share of the rows from which on unseen levels are warned of.
    package static let share = 0.05
    /// The number of inputs that are warned of, before the rest is counted.
    private static let limit = 10

    /// Makes counts of no rows.
    package init(_ model: Model) {
        let used = Set(model.terms.flatMap(\.inputs))
        inputs = model.inputs.indices.filter { model.inputs[$0].isCategorical && used.contains($0) }.map {
            index in
            let training = model.training.inputs[index]
            let known = CategoryCodes(input: index, terms: model.terms.filter { $0.inputs.contains(index) })
            let total = training.counts.reduce(0, +) + training.missing
            return Input(
                index: index, name: model.inputs[index].name,
                levels: Set((training.levels + known.names).map { TextKey($0).rawValue }),
                rare: (training.counts.last ?? 0) / max(1, total))
        }
    }

    /// Adds rows whose inputs are given as keys by column, `[inputs][rows]`.
    ///
    /// - Parameter name: returns the text of a key.
    package mutating func add(keys: [[UInt64]], rowCount: Int, name: (TextKey) -> String?) {
        rows += rowCount
        for place in inputs.indices {
            for key in keys[inputs[place].index] {
                inputs[place].add(key, rows: 1) { name(TextKey(stored: key)) }
            }
        }
    }

    /// Adds to the number of all rows.
    mutating func add(rows count: Int) { rows += count }

    /// Adds rows in which an input has a text; nil for one of too many to be known.
    mutating func add(_ text: String?, input: Int, rows count: Int) {
        guard let place = inputs.firstIndex(where: { $0.index == input }) else { return }
        guard let text else {
            inputs[place].rows += count
            return
        }
        inputs[place].add(TextKey(text).rawValue, rows: count) { text }
    }

    /// A warning for each input in which more rows have unseen levels than ``share``, above the share of rare
    /// levels in training.
    package var warnings: [String] {
        let found = inputs.filter { Double($0.rows) > (Self.share + $0.rare) * Double(rows) }
        let warnings = found.prefix(Self.limit).map { input in
            let most = input.rowsOfKey.max { ($0.value, $1.key) < ($1.value, $0.key) }
            let text = most.flatMap { input.texts[$0.key] }.map { ", most often \($0.quoted)" } ?? ""
            return
                "warning: \(input.name): \(Format.percent(Double(input.rows) / Double(max(1, rows)))) of the "
                + "rows have levels that training did not have\(text); they all get one score for this input"
        }
        let rest = found.count - Self.limit
        return warnings + (rest > 0 ? ["… and \(rest) more inputs with unseen levels"] : [])
    }
}

extension UnseenLevels.Input {
    fileprivate mutating func add(_ key: UInt64, rows count: Int, text: () -> String?) {
        guard key != TextKey.missing.rawValue, !levels.contains(key) else { return }
        rows += count
        guard rowsOfKey[key] != nil || rowsOfKey.count < DriftCounts.unseenLimit else { return }
        if rowsOfKey.updateValue(rowsOfKey[key, default: 0] + count, forKey: key) == nil {
            texts[key] = text()
        }
    }
}
