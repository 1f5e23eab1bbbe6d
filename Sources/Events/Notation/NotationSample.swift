/// The first values of a column, by which its notation is found: the one in which all of them are written.
public struct NotationSample: Hashable, Sendable {
    /// A notation that two readings of the same values leave open.
    public enum Doubt: Hashable, Sendable {
        /// `1,234` is one thousand or one and a bit.
        case decimalMark
        /// `01/02/2025` is in January or February.
        case dayOrMonth
    }

    /// The decimal mark that the user states; nil to find it.
    private let mark: NumberNotation.Mark?
    /// The order of day and month that the user states; nil to find it.
    private let order: DateNotation?
    private var numbers: [NumberNotation] = []
    private var dates: [DateNotation] = []
    private var isEmpty = true
    /// True when a value means two different numbers, or two dates, in notations that are left.
    private var numbersDiffer = false
    private var datesDiffer = false
    /// The facts about values that are plain decimals, which are left to each notation at the end.
    private var plain = Plain()

    private struct Plain: Hashable {
        var isFound = false
        var hasPoint = false
        var hasExponent = false
        /// True when a point has not three digits behind it and one to three before it.
        var hasFraction = false
        var hasLongWhole = false
    }

    /// True when a value is a whole number of at most three digits, without a separator.
    private var hasSmall = false

    /// Makes a sample without values.
    ///
    /// - Parameters:
    ///   - mark: the decimal mark of the table, where it is known.
    ///   - order: day or month first, where it is known.
    public init(mark: NumberNotation.Mark? = nil, order: DateNotation? = nil) {
        (self.mark, self.order) = (mark, order)
    }

    /// Adds a value that is a plain decimal, which may still be one of another notation.
    public mutating func add(plain text: String) {
        plain.isFound = true
        var (whole, fraction, sawPoint) = (0, 0, false)
        for byte in text.utf8 {
            switch byte {
            case 48...57: if sawPoint { fraction += 1 } else { whole += 1 }
            case UInt8(ascii: "."): sawPoint = true
            case UInt8(ascii: "-"), UInt8(ascii: "+"): break
            default: plain.hasExponent = true
            }
        }
        if sawPoint {
            plain.hasPoint = true
            if fraction != 3 || !(1...3).contains(whole) { plain.hasFraction = true }
        } else {
            if whole <= 3 { hasSmall = true }
        }
        if whole > 3 { plain.hasLongWhole = true }
    }

    /// Adds a value that is no plain decimal.
    public mutating func add(_ text: String) {
        if isEmpty {
            isEmpty = false
            numbers = NumberNotation.all(sign: NumberNotation.sign(of: text))
                .filter { mark == nil || $0.mark == mark }
            dates = order.map { [.yearFirst, $0] } ?? DateNotation.allCases
        }
        // Most texts are words, which end this at the first.
        if !numbers.isEmpty {
            let values = numbers.map { ($0, $0.value(text)) }
            let found = values.compactMap { notation, value in value.map { (notation, $0) } }
            numbers = found.map(\.0)
            numbersDiffer = numbersDiffer || Set(found.map(\.1)).count > 1
            let isBare = !text.contains { $0 == "." || $0 == "," }
            if isBare, found.contains(where: { $1 < 1_000 }) { hasSmall = true }
        }
        if !dates.isEmpty {
            let found = dates.compactMap { notation in notation.time(text).map { (notation, $0) } }
            dates = found.map(\.0)
            datesDiffer = datesDiffer || Set(found.map(\.1)).count > 1
        }
    }

    /// The notation of all values; nil where there is none, all are plain, or it is in doubt. Days are
    /// counted before 1970.
    public var notation: Notation? {
        guard !isEmpty, doubt == nil else { return nil }
        if let date = candidateDates.first {
            return .date(date, before: Timestamp(milliseconds: 0))
        }
        return chosenNumber.map { .number($0) }
    }

    /// The reason why no notation is found although the values would fit one.
    public var doubt: Doubt? {
        guard !isEmpty else { return nil }
        if datesDiffer, candidateDates.count > 1 { return .dayOrMonth }
        return isMarkOpen ? .decimalMark : nil
    }

    private var candidateDates: [DateNotation] { plain.isFound ? [] : dates }

    private var candidateNumbers: [NumberNotation] {
        numbers.filter { notation in
            guard plain.isFound else { return true }
            guard notation.sign.isEmpty, !plain.hasExponent else { return false }
            if notation.thousands != .none, plain.hasLongWhole { return false }
            guard plain.hasPoint, notation.mark == .comma else { return true }
            return notation.thousands == .opposite && !plain.hasFraction
        }
    }

    /// True when the same values are thousands with a decimal point, and numbers with a decimal comma. Small
    /// whole numbers beside them tell: numbers with three digits behind a comma each have none without.
    private var isMarkOpen: Bool {
        let marks = Set(candidateNumbers.map(\.mark))
        return numbersDiffer && marks.count > 1 && !hasSmall
    }

    private var chosenNumber: NumberNotation? {
        let found = candidateNumbers
        return found.first { $0.mark == .point } ?? found.first
    }
}
