/// What a column of a flat table holds.
enum ColumnContent: Hashable {
    /// Nothing so far: all values are missing.
    case undecided
    /// Numbers, as `count` of the `total` values were that decided it.
    case numbers(count: Int, total: Int)
    /// Texts.
    case texts

    /// Decides by the first values of a column; `""` is missing.
    ///
    /// Where nine of ten values are numbers, and at least ten, the others are slips: a single stray text would
    /// otherwise turn all amounts into names, which nobody sees but in a model that predicts worse. Codes with
    /// a few more letters among them stay texts. Infinities among numbers are slips whatever their number: a
    /// division by 0 wrote them.
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
