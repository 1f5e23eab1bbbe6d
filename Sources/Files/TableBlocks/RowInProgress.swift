import LimpetEvents

/// A row that is added to a block when all of its values can be read.
struct RowInProgress {
    /// The numbers, with NaN in place of texts until the row is finished.
    private var numbers: [Double]
    /// The texts, which get a code only when the row is finished.
    private var texts: [(place: Int, text: String)] = []
    private var id: String?
    /// The values of columns that had none so far.
    private var undecided: [(column: Int, text: String)] = []

    init(_ plan: TablePlan) { numbers = Array(repeating: .nan, count: plan.width) }

    /// Adds a value; "" is missing.
    ///
    /// - Throws: `InputError` at `place` when it is not what the column holds.
    mutating func add(
        _ text: String, column: Int, _ plan: TablePlan, _ place: InputPlace
    ) throws(InputError) {
        switch plan.roles[column] {
        case .ignored: break
        case .number(let target):
            guard !text.isEmpty else { break }
            guard let value = TableNumber.value(text) else {
                throw InputError(place, plan.problem(text, column: column, place: target))
            }
            numbers[target] = value
        case .written(let target):
            guard !text.isEmpty else { break }
            guard let value = plan.notations[column]?.value(text),
                !(value.magnitude > TableReader.numberLimit)
            else {
                throw InputError(place, plan.problem(text, writtenIn: column))
            }
            numbers[target] = value
        case .text(let target): texts.append((target, text))
        case .undecided(let target):
            guard !text.isEmpty else { break }
            guard !text.isDecimalNumber || TableNumber.value(text) != nil else {
                throw InputError(place, plan.problem(text, column: column, place: target))
            }
            undecided.append((column, text))
        case .id:
            guard !text.isEmpty else { throw InputError(place, "is missing, expected the row's id") }
            id = text
        }
    }

    /// Adds the row to a block, unless it holds the first values of columns that had none; returns these.
    func finish(line: Int, _ plan: TablePlan, to rows: inout BlockRows) -> [(column: Int, text: String)] {
        guard undecided.isEmpty else { return undecided }
        rows.add(numbers, texts, id: id, line: line, plan)
        return []
    }
}
