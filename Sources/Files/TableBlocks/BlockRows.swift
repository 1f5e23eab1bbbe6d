import LimpetEvents

/// Parsed rows of a block of a table.
public struct BlockRows: Sendable {
    /// The values, flattened from `[rows][columns]`; by column, with `columnStride` from one to the next,
    /// where a whole table is read.
    public internal(set) var numbers: [Double]
    /// The rows' ids; empty where no column of ids was named.
    public internal(set) var ids: [String] = []
    /// The line of each row.
    public internal(set) var lines: [Int] = []
    /// The texts of each column of texts.
    var texts: [BlockTexts?]
    /// The rows that could not be read, with their text.
    var rejected: [(error: InputError, text: String)] = []
    /// The error after which nothing of the block can be read, e.g. a quote that is never closed.
    var failure: InputError?
    /// The first values of columns that had none, in a row that is the first of `rest`.
    var undecided: (values: [(column: Int, text: String)], rest: TableBlock)?
    /// The places in ``numbers`` from one row to the next, and from one column to the next.
    let rowStride: Int
    let columnStride: Int

    /// The number of rows.
    public var count: Int { lines.count }

    /// True when no row after those so far is to be read.
    var isEnded: Bool { failure != nil || undecided != nil }

    /// Makes rows without values, with space for `limit` of them.
    init(_ plan: TablePlan, limit: Int) {
        if plan.code == nil {
            // An odd number of cache lines, so that the columns of a row do not fall into the same ones.
            (rowStride, columnStride) = (1, ((limit + 7) / 8 | 1) * 8)
            numbers = [Double](repeating: .nan, count: columnStride * plan.width)
        } else {
            (rowStride, columnStride) = (plan.width, 1)
            numbers = [Double](repeating: .nan, count: limit * plan.width)
        }
        lines.reserveCapacity(limit)
        texts = [BlockTexts?](repeating: nil, count: plan.width)
        for case .text(let place) in plan.roles { texts[place] = BlockTexts(place, plan) }
    }

    /// Adds a row of numbers, of which some are replaced by the codes of texts, "" for a missing one.
    mutating func add(
        _ values: [Double], _ rowTexts: [(place: Int, text: String)], id: String?, line: Int,
        _ plan: TablePlan
    ) {
        let first = count * rowStride
        for (place, value) in values.enumerated() { numbers[first + place * columnStride] = value }
        for (place, text) in rowTexts {
            numbers[first + place * columnStride] = texts[place]?.code(text, plan) ?? .nan
        }
        if let id { ids.append(id) }
        lines.append(line)
    }

    /// Releases the space that no row took.
    mutating func trim() {
        guard columnStride == 1 else { return }
        numbers.removeLast(numbers.count - count * rowStride)
    }
}

/// The texts of a column in a block, each with the number that stands for it in rows.
struct BlockTexts: Sendable {
    /// The texts as they are written, the empty one first.
    private(set) var dictionary = TextDictionary.beginningWithEmpty
    private var codes: [Double]
    private let place: Int

    init(_ place: Int, _ plan: TablePlan) {
        self.place = place
        codes = [plan.code?(place, "") ?? 0]
    }

    /// Returns the number of a text, "" for a missing one.
    mutating func code(_ text: String, _ plan: TablePlan) -> Double {
        number(Int(dictionary.code(of: text)), plan)
    }

    /// Returns the number of a text as it is written; nil when it is not valid UTF-8.
    @inline(__always)
    mutating func code(_ text: Span<UInt8>, _ plan: TablePlan) -> Double? {
        dictionary.code(of: text, where: { $0.isText }).map { number(Int($0), plan) }
    }

    @inline(__always)
    private mutating func number(_ code: Int, _ plan: TablePlan) -> Double {
        if code == codes.count { codes.append(newNumber(code, plan)) }
        return codes[code]
    }

    private func newNumber(_ code: Int, _ plan: TablePlan) -> Double {
        let text = dictionary.list.text(code)
        return plan.missing.contains(text) ? codes[0] : plan.code?(place, text) ?? Double(code)
    }
}
