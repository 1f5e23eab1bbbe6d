import LimpetParallel
import LimpetScoring

/// Rows in bins for several models, in which categories with many levels are numbers. As each model has its
/// own numbers, such a category has a column for every model.
struct CodedBins: Sendable {
    /// The inputs, with coded categories as the first model sees them, then the columns of the other models.
    let binned: BinnedData
    private let coding: LevelCoding?
    private let omitted: [[Int]]
    private let inputCount: Int

    /// Codes and bins rows.
    ///
    /// - Parameters:
    ///   - groupOfRow: the group of each row.
    ///   - omitted: the groups that each model leaves out.
    init(
        _ data: TrainingData, groupOfRow: @autoclosure () -> [Int32], omitted: [[Int]], maximumBins: Int,
        threads: Int
    ) {
        self.omitted = omitted
        inputCount = data.columns.count
        coding =
            LevelCoding.inputs(of: data).isEmpty ? nil : LevelCoding(data, groupOfRow: groupOfRow())
        guard let coding else {
            binned = BinnedData(data, maximumBins: maximumBins, threads: threads)
            return
        }
        var coded = data
        var limits: [Int: Int] = [:]
        let most = min(maximumBins, LevelCoding.mostBins)
        let places = omitted.indices.flatMap { model in coding.inputs.indices.map { (model, $0) } }
        let columns = ConcurrentBlocks.map(places.count, threads: threads) {
            coding.numbers(places[$0].1, without: omitted[places[$0].0])
        }
        for (numbers, (model, place)) in zip(columns, places) {
            let input = coding.inputs[place]
            if model == 0 {
                coded = coded.replacing(input, by: .numbers(numbers))
                limits[input] = most
            } else {
                limits[coded.columns.count] = most
                coded = coded.adding(data.inputs[input], .numbers(numbers), isSkewed: false)
            }
        }
        binned = BinnedData(coded, maximumBins: maximumBins, limits: limits, threads: threads)
    }

    /// Returns the column of each input in a model.
    func columns(of model: Int) -> [Int] {
        var columns = Array(0..<inputCount)
        guard let coding, model > 0 else { return columns }
        for (place, input) in coding.inputs.enumerated() {
            columns[input] = inputCount + (model - 1) * coding.inputs.count + place
        }
        return columns
    }

    /// The columns of each model; nil where all models see the same.
    var columnsByModel: [[Int]]? {
        coding == nil || omitted.count < 2 ? nil : omitted.indices.map { columns(of: $0) }
    }

    /// The bins of each coded category in a table of levels, by input.
    var finishedBins: [Int: Int] { coding?.finishedBins ?? [:] }

    /// Returns some rows as a model sees them.
    func selecting(_ rows: [Int], model: Int, threads: Int) -> BinnedData {
        binned.selecting(rows, columns: columnsByModel?[model], threads: threads)
    }

    /// Returns a model's function with tables of levels in place of functions of rates.
    func recoded(_ fit: AdditiveFit, model: Int) -> AdditiveFit {
        coding?.recoded(fit, without: omitted[model]) ?? fit
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
