package import LimpetEvents

/// The first values of a column of a flat table, which decide its type.
///
/// Where nine of ten values are numbers, and at least ten, the others are taken for errors: a single stray
/// text would otherwise turn all amounts into categories, which shows only as a model that predicts worse. A
/// column of codes with a few more letters stays one of texts. Infinities among numbers are errors whatever
/// their number, since a division by 0 wrote them. Where all values are dates, or numbers in one notation
/// with decimal commas, separators of thousands or signs, they are read as such.
package struct ColumnSample: Hashable, Sendable {
    /// The number of values that are numbers.
    private(set) var numbers = 0
    /// The number of values.
    private(set) var total = 0
    private var infinities = 0
    /// The notations in which all values are written.
    private var notations: NotationSample
    private let mark: NumberNotation.Mark?
    /// The first whole number with a leading zero, such as `007`; nil without any.
    package private(set) var leadingZeros: String?
    /// The first whole number of 2^53 or more, written without an exponent; nil without any.
    package private(set) var wholeLarge: String?
    /// True when a number is 2^53 or more, however it is written.
    package private(set) var hasLarge = false

    /// Makes a sample without values.
    ///
    /// - Parameters:
    ///   - mark: the decimal mark of the table, where it is known.
    ///   - order: day or month first, where it is known.
    init(mark: NumberNotation.Mark? = nil, order: DateNotation? = nil) {
        self.mark = mark
        notations = NotationSample(mark: mark, order: order)
    }

    /// The notation of all values, where they are no plain decimals; nil where there is none.
    package var notation: Notation? { notations.notation }

    /// True for thousands that are written like decimals, such as `1.912` beside `850`.
    package var hasThousands: Bool {
        if case .number? = notations.plainNotation { true } else { false }
    }

    /// A date so far ahead that it stands for none; nil without any.
    package var farDate: String? { notations.farDate }

    /// The reason why the values are read as texts although they would fit a notation.
    package var doubt: NotationSample.Doubt? { notations.doubt }

    /// Counts a value; "" is missing.
    mutating func add(_ text: String) {
        guard !text.isEmpty else { return }
        total += 1
        guard text.isDecimalNumber else {
            if text.isInfinity { infinities += 1 }
            notations.add(text)
            return
        }
        // In a table with decimal commas a point separates thousands.
        guard mark != .comma || !text.utf8.contains(UInt8(ascii: ".")) else {
            notations.add(text)
            return
        }
        numbers += 1
        notations.add(plain: text)
        note(text)
    }

    /// Notes the spelling of a number that a double does not keep.
    private mutating func note(_ text: String) {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let isWhole = digits.allSatisfy { $0 >= 48 && $0 <= 57 }
        if isWhole, leadingZeros == nil, digits.count > 1, digits.first == 48 { leadingZeros = text }
        // Without an exponent, 15 characters are less than 10^15.
        let mayBeLarge = digits.count > 15 || digits.contains { $0 | 0x20 == UInt8(ascii: "e") }
        guard mayBeLarge, let number = Double(text), number.magnitude >= 0x1p53 else {
            return
        }
        hasLarge = true
        if isWhole, wholeLarge == nil { wholeLarge = text }
    }

    /// The type that the values decide; `inferred`, from later values, when all of these are missing.
    var content: TableColumn.Content {
        guard total > 0 else { return .inferred }
        let areNumbers = numbers > 0 && numbers + infinities == total
        if areNumbers, infinities == 0, let plain = notations.plainNotation { return .written(plain) }
        if !areNumbers, let notation { return .written(notation) }
        return areNumbers || (numbers >= 10 && numbers * 10 >= total * 9) ? .numbers : .texts
    }
}
