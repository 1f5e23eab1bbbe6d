/// The type of a column of a flat table.
enum ColumnContent: Hashable {
    /// Undecided: all values so far are missing.
    case undecided
    /// Numbers, since `count` of the first `total` values were numbers.
    case numbers(count: Int, total: Int)
    /// Texts.
    case texts

    /// Decides by the first values of a column; `""` is missing.
    ///
    /// Where nine of ten values are numbers, and at least ten, the others are taken for errors: a single
    /// stray text would otherwise turn all amounts into categories, which shows only as a model that predicts
    /// worse. A column of codes with a few more letters stays one of texts. Infinities among numbers are
    /// errors whatever their number, since a division by 0 wrote them.
    init(sample: some Sequence<String>) {
        var (count, infinities, total) = (0, 0, 0)
        for text in sample where !text.isEmpty {
            total += 1
            if text.isDecimalNumber { count += 1 } else if text.isInfinity { infinities += 1 }
        }
        if total == 0 {
            self = .undecided
        } else if count > 0 && count + infinities == total || (count >= 10 && count * 10 >= total * 9) {
            self = .numbers(count: count, total: total)
        } else {
            self = .texts
        }
    }
}
