import LimpetParallel
import LimpetScoring

/// Rows in bins for several models, in which categories with many levels are numbers.
struct CodedBins: Sendable {
    /// The columns of ``CodedColumns``.
    let binned: BinnedData
    private let columns: CodedColumns

    /// Codes and bins rows.
    ///
    /// - Parameters:
    ///   - groupOfRow: the group of each row.
    ///   - omitted: the groups that each model leaves out.
    init(
        _ data: TrainingData, groupOfRow: @autoclosure () -> [Int32], omitted: [[Int]], maximumBins: Int,
        threads: Int
    ) {
        columns = CodedColumns(data, groupOfRow: groupOfRow(), omitted: omitted, threads: threads)
        let most = min(maximumBins, LevelCoding.mostBins)
        let limits = columns.codedColumns.reduce(into: [Int: Int]()) { $0[$1] = most }
        binned = BinnedData(columns.data, maximumBins: maximumBins, limits: limits, threads: threads)
    }

    /// The columns of each model; nil where all models see the same.
    var columnsByModel: [[Int]]? { columns.columnsByModel }

    /// The bins of each coded category in a table of levels, by input.
    var finishedBins: [Int: Int] { columns.coding?.finishedBins ?? [:] }

    /// Returns some rows as a model sees them.
    func selecting(_ rows: [Int], model: Int, threads: Int) -> BinnedData {
        binned.selecting(rows, columns: columnsByModel?[model], threads: threads)
    }

    /// Returns a model's function with tables of levels in place of functions of rates.
    func recoded(_ fit: AdditiveFit, model: Int) -> AdditiveFit {
        columns.recoded(fit, model: model)
    }
}

extension CodedBins {
    /// Codes and bins rows for the models of a plan, whose groups are the folds' held-out rows.
    init(
        _ data: TrainingData, folds: [Fold], plan: LanePlan, settings: StumpSettings, threads: Int
    ) {
        self.init(
            data, groupOfRow: Folds.groups(folds, count: data.count), omitted: plan.omitted,
            maximumBins: settings.maximumBins, threads: threads)
    }
}

extension Folds {
    /// Returns the number of the fold that holds out each row; rows that none holds out make one more group.
    static func groups(_ folds: [Fold], count: Int) -> [Int32] {
        var groupOfRow = [Int32](repeating: Int32(folds.count), count: count)
        for (group, fold) in folds.enumerated() { for row in fold.heldOut { groupOfRow[row] = Int32(group) } }
        return groupOfRow
    }
}
