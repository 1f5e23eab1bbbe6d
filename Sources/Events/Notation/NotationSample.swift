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
        /// The numbers with a point, and all of them.
        var (points, count) = (0, 0)
        /// True while each is a date such as `20250131`, of the years 1900 to 2100.
        var areDates = true
        var firstDate: String?
        var hasTwoDates = false
    }

    /// A date so far ahead that it stands for none, such as `9999-12-31`; nil where there is none.
    public private(set) var farDate: String?
    /// The fewest numbers of one kind that are no accident.
    private static let leastPlain = 50

    /// True when a point, or a comma, stands in a value that is no plain decimal.
    private var (hasPoint, hasComma) = (false, false)
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
            plain.points += 1
            let begins = text.utf8.first { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }
            if fraction != 3 || !(1...3).contains(whole) || begins == 48 { plain.hasFraction = true }
        } else {
            if whole <= 3 { hasSmall = true }
        }
        if whole > 3 { plain.hasLongWhole = true }
        plain.count += 1
        addDate(plain: text, isWhole: !sawPoint && whole == 8)
    }

    private mutating func addDate(plain text: String, isWhole: Bool) {
        guard plain.areDates else { return }
        guard isWhole, (1_900...2_100).contains(Int(text.prefix(4)) ?? 0),
            DateNotation.yearFirst.time(text) != nil
        else {
            plain.areDates = false
            return
        }
        if let first = plain.firstDate, first != text { plain.hasTwoDates = true }
        plain.firstDate = plain.firstDate ?? text
    }

    /// The notation of values that are all plain decimals, where they mean something else: thousands such as
    /// `1.912` beside small whole numbers, and dates such as `20250131`.
    public var plainNotation: Notation? {
        guard isEmpty, plain.count >= Self.leastPlain, !plain.hasExponent else { return nil }
        if plain.areDates, plain.hasTwoDates {
            return .date(.yearFirst, before: Timestamp(milliseconds: 0))
        }
        let areThousands =
            plain.points >= Self.leastPlain && !plain.hasFraction && !plain.hasLongWhole && hasSmall
        guard mark != .point, areThousands else { return nil }
        return .number(NumberNotation(mark: .comma, thousands: .opposite))
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
            hasPoint = hasPoint || text.utf8.contains(UInt8(ascii: "."))
            hasComma = hasComma || text.utf8.contains(UInt8(ascii: ","))
            let isBare = !text.contains { $0 == "." || $0 == "," }
            if isBare, found.contains(where: { $1 < 1_000 }) { hasSmall = true }
        }
        if !dates.isEmpty {
            let found = dates.compactMap { notation in notation.time(text).map { (notation, $0) } }
            if farDate == nil, found.contains(where: { $1 >= Notation.farDates }) { farDate = text }
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
        // Small whole numbers tell that thousands are separated: no fraction has always three digits.
        if numbersDiffer, hasSmall, hasPoint != hasComma {
            let grouped = found.first { $0.thousands == .opposite && $0.mark == (hasPoint ? .comma : .point) }
            if let grouped { return grouped }
        }
        return found.first { $0.mark == .point } ?? found.first
    }
}
