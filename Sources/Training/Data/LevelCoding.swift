import LimpetEvaluation
import LimpetParallel
import LimpetScoring

/// Categories with many levels as numbers, for models that each leave out some groups of rows: the rate of
/// label 1 in a row's level among the rows that are in no omitted group, nor in the row's own.
///
/// One bin a level lets a model fit the noise of hundreds of small levels; the rate of a level is one number,
/// of which a step function has few bins. A row's own label has no part in its number, since otherwise the
/// rate would repeat it; nor has any label of the rows that a model leaves out. The fitted function of rates
/// becomes a table of levels by the rates among all rows of the model (``recoded(_:without:)``).
package struct LevelCoding: Sendable {
    /// The categories that are coded, by input.
    package let inputs: [Int]
    private let names: [[String]]
    private let codes: [[Int32]]
    private let groupOfRow: [Int32]
    /// `[inputs][groups]`.
    private let tallies: [[LevelRates.Tally]]

    /// The most levels that keep a bin each.
    static let fewLevels = 30
    /// The most bins of a coded category, the one of missing values included.
    static let mostBins = 32

    /// Returns the categories with many levels.
    static func inputs(of data: TrainingData) -> [Int] {
        data.columns.indices.filter { input in
            if case .levels(let names, _) = data.columns[input] { names.count > fewLevels } else { false }
        }
    }

    /// Prepares the coding; nil without categories of many levels.
    ///
    /// - Parameter groupOfRow: the group of each row, from 0.
    package init?(_ data: TrainingData, groupOfRow: [Int32]) {
        inputs = Self.inputs(of: data)
        guard !inputs.isEmpty else { return nil }
        self.groupOfRow = groupOfRow
        let groups = Int(groupOfRow.max() ?? 0) + 1
        let shares = data.userShares
        var (names, codes, tallies): ([[String]], [[Int32]], [[LevelRates.Tally]]) = ([], [], [])
        for input in inputs {
            guard case .levels(let own, let ofRow) = data.columns[input] else { continue }
            var sums = [LevelRates.Tally](repeating: .init(levels: own.count + 1), count: groups)
            for (row, code) in ofRow.enumerated() where code >= 0 {
                let level = min(Int(code), own.count)
                sums[Int(groupOfRow[row])].users[level] += shares[row]
                if data.labels[row] { sums[Int(groupOfRow[row])].positive[level] += shares[row] }
            }
            names.append(own)
            codes.append(ofRow)
            tallies.append(sums)
        }
        (self.names, self.codes, self.tallies) = (names, codes, tallies)
    }

    /// Prepares the coding by groups of users; nil without categories of many levels.
    init?(_ data: TrainingData, groups: Int, seed: UInt64) {
        guard !Self.inputs(of: data).isEmpty else { return nil }
        let assignment = Folds.assignment(of: data, count: groups, seed: seed)
        self.init(data, groupOfRow: assignment.map { Int32($0) })
    }

    /// The most bins of each coded category, by input.
    var limits: [Int: Int] {
        inputs.reduce(into: [:]) { limits, input in limits[input] = Self.mostBins }
    }

    /// The bins of each coded category in a table of levels, by input.
    var finishedBins: [Int: Int] {
        inputs.indices.reduce(into: [:]) { bins, place in bins[inputs[place]] = names[place].count + 2 }
    }

    /// Returns rows with the categories' numbers in the model of all rows.
    ///
    /// - Parameter number: the number of a rate; nil for the rate itself.
    func coded(_ data: TrainingData, number: ((Double) -> Double)? = nil) -> TrainingData {
        inputs.indices.reduce(data) { data, place in
            let rates = numbers(place, without: [])
            return data.replacing(
                inputs[place], by: .numbers(number.map { rates.map($0) } ?? rates), isSkewed: false)
        }
    }

    /// Returns the rates among the rows outside some groups.
    private func rates(_ place: Int, without omitted: Set<Int>) -> LevelRates {
        var sum = LevelRates.Tally(levels: names[place].count + 1)
        for (group, tally) in tallies[place].enumerated() where !omitted.contains(group) { sum += tally }
        return LevelRates(sum)
    }

    /// Returns the number of each row in a coded category, NaN where the level is missing.
    ///
    /// - Parameters:
    ///   - place: the category's place in ``inputs``.
    ///   - omitted: the groups that the model leaves out.
    package func numbers(_ place: Int, without omitted: [Int]) -> [Double] {
        let omitted = Set(omitted)
        let rates = tallies[place].indices.map { self.rates(place, without: omitted.union([$0])).rates }
        let most = names[place].count
        return zip(codes[place], groupOfRow).map { code, group in
            code < 0 ? .nan : rates[Int(group)][min(Int(code), most)]
        }
    }

    /// Returns a model's function with tables of levels in place of functions of rates.
    ///
    /// - Parameter omitted: the groups that the model leaves out.
    func recoded(_ fit: AdditiveFit, without omitted: [Int]) -> AdditiveFit {
        var fit = fit
        for (place, input) in inputs.enumerated() {
            let rates = rates(place, without: Set(omitted)).rates
            fit.terms = fit.terms.map { $0.recoded(input, names: names[place], rates: rates) }
        }
        return fit
    }
}

extension Term {
    /// Returns the term with a table of levels in place of a function of their rates.
    ///
    /// - Parameter rates: of each level, then of all others.
    fileprivate func recoded(_ coded: Int, names: [String], rates: [Double]) -> Term {
        guard inputs.contains(coded) else { return self }
        switch shape {
        case .steps(let steps):
            func take(_ values: [Double]) -> [Double] { rates.map { values[steps.bin($0)] } }
            let values = take(steps.values)
            let levels = Levels(
                names: names, values: Array(values.dropLast()), other: values[values.count - 1],
                standardErrors: steps.standardErrors.map { Array(take($0).dropLast()) })
            return Term(input: input, shape: .levels(levels), missing: missing, importance: importance)
        case .grid(let grid):
            return Term(
                input: input, grid: grid.recoded(input == coded, names: names, rates: rates),
                importance: importance)
        case .line(let line):
            func value(_ rate: Double) -> Double {
                line.coefficient * LevelRates.logOdds(rate) + line.offset
            }
            let mean = line.coefficient == 0 ? 0 : -line.offset / line.coefficient
            let levels = Levels(
                names: names, values: rates.dropLast().map(value), other: rates.last.map(value) ?? 0,
                standardErrors: line.standardError.map { error in
                    rates.dropLast().map { error * abs(LevelRates.logOdds($0) - mean) }
                })
            return Term(input: input, shape: .levels(levels), missing: missing, importance: importance)
        case .curve, .levels: return self
        }
    }
}

extension Term.Grid {
    /// Returns the grid with a bin for each level in place of those of rates, in its rows or its columns.
    fileprivate func recoded(_ isRows: Bool, names: [String], rates: [Double]) -> Term.Grid {
        let axis = isRows ? rows : columns
        guard case .numbers = axis else { return self }
        let bins = rates.map { axis.bin(of: $0) } + [axis.missing]
        let width = columns.binCount
        let levels = Term.Axis.levels(names: names)
        var cells: [Double] = []
        if isRows {
            for bin in bins { cells += values[(bin * width)..<((bin + 1) * width)] }
        } else {
            for row in 0..<rows.binCount { cells += bins.map { values[row * width + $0] } }
        }
        return Term.Grid(
            second: second, rows: isRows ? levels : rows, columns: isRows ? columns : levels, values: cells)
    }
}
