import LimpetParallel
import LimpetScoring

/// Rows for several models, in which categories with many levels are numbers. As each model has its own
/// numbers, such a category has a column for every model.
struct CodedColumns: Sendable {
    /// The inputs, with coded categories as the first model sees them, then the columns of the other models.
    let data: TrainingData
    /// The coding; nil without categories of many levels.
    let coding: LevelCoding?
    private let omitted: [[Int]]
    private let inputCount: Int

    /// Codes rows.
    ///
    /// - Parameters:
    ///   - groupOfRow: the group of each row.
    ///   - omitted: the groups that each model leaves out.
    ///   - number: the number of a rate.
    init(
        _ data: TrainingData, groupOfRow: @autoclosure () -> [Int32], omitted: [[Int]], threads: Int,
        number: (@Sendable (Double) -> Double)? = nil
    ) {
        self.omitted = omitted
        inputCount = data.columns.count
        let coding = LevelCoding.inputs(of: data).isEmpty ? nil : LevelCoding(data, groupOfRow: groupOfRow())
        self.coding = coding
        guard let coding else {
            self.data = data
            return
        }
        let places = omitted.indices.flatMap { model in coding.inputs.indices.map { (model, $0) } }
        let columns = ConcurrentBlocks.map(places.count, threads: threads) {
            let rates = coding.numbers(places[$0].1, without: omitted[places[$0].0])
            return number.map { rates.map($0) } ?? rates
        }
        var coded = data
        for (numbers, (model, place)) in zip(columns, places) {
            let input = coding.inputs[place]
            coded =
                model == 0
                ? coded.replacing(input, by: .numbers(numbers), isSkewed: false)
                : coded.adding(data.inputs[input], .numbers(numbers), isSkewed: false)
        }
        self.data = coded
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

    /// The columns that hold coded categories.
    var codedColumns: [Int] {
        guard let coding else { return [] }
        return coding.inputs + Array(inputCount..<data.columns.count)
    }

    /// Returns a model's function with tables of levels in place of functions of rates.
    func recoded(_ fit: AdditiveFit, model: Int) -> AdditiveFit {
        coding?.recoded(fit, without: omitted[model]) ?? fit
    }
}
