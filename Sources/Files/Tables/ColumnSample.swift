/// The first values of a column of a flat table, which decide its type.
///
/// Where nine of ten values are numbers, and at least ten, the others are taken for errors: a single stray
/// text would otherwise turn all amounts into categories, which shows only as a model that predicts worse. A
/// column of codes with a few more letters stays one of texts. Infinities among numbers are errors whatever
/// their number, since a division by 0 wrote them.
struct ColumnSample: Hashable, Sendable {
    /// The number of values that are numbers.
    private(set) var numbers = 0
    /// The number of values.
    private(set) var total = 0
    private var infinities = 0

    init() {}

    /// Makes the sample of one value.
    init(_ text: String) { add(text) }

    /// Counts a value; "" is missing.
    mutating func add(_ text: String) {
        guard !text.isEmpty else { return }
        total += 1
        if text.isDecimalNumber { numbers += 1 } else if text.isInfinity { infinities += 1 }
    }

    /// The type that the values decide; `inferred`, from later values, when all of these are missing.
    var content: TableColumn.Content {
        guard total > 0 else { return .inferred }
        let areNumbers = numbers > 0 && numbers + infinities == total
        return areNumbers || (numbers >= 10 && numbers * 10 >= total * 9) ? .numbers : .texts
    }
}
