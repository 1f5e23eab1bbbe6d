/// A column of texts that grows: their numbers, and the dictionary of these.
struct TextColumnBuilder: Sendable {
    var dictionary: TextDictionary
    var codes: [UInt32] = []
    /// What ``TextDictionary/touch(_:from:_:)`` gives: kept so that it is done.
    private var warmth: UInt64 = 0
    /// A block's column that is about to be added.
    var incoming: (texts: TextList, codes: [UInt32])?

    /// - Parameter hasEmpty: whether number 0 stands for no text.
    init(hasEmpty: Bool) { dictionary = hasEmpty ? .beginningWithEmpty : TextDictionary() }

    /// Rows before that are not there yet have no text.
    mutating func fill(to row: Int) {
        guard codes.count < row else { return }
        codes.append(contentsOf: repeatElement(0, count: row - codes.count))
    }

    mutating func append(_ text: String, atRow row: Int) {
        fill(to: row)
        codes.append(dictionary.code(of: text))
    }

    /// Adds the rows of ``incoming`` from a row of the log on, those that are kept.
    ///
    /// Texts are numbered as they are met, so that numbers do not depend on where blocks begin.
    mutating func takeIncoming(atRow row: Int, keeping isKept: [Bool]?) {
        guard let column = incoming else { return }
        incoming = nil
        fill(to: row)
        var known = [UInt32](repeating: Self.unknown, count: column.texts.count)
        for (place, code) in column.codes.enumerated() where isKept?[place] ?? true {
            if known[Int(code)] == Self.unknown {
                if Int(code) % Self.group == 0 {
                    warmth ^= dictionary.touch(column.texts, from: Int(code), Self.group)
                }
                known[Int(code)] = dictionary.code(of: column.texts, Int(code))
            }
            codes.append(known[Int(code)])
        }
    }

    private static let unknown = UInt32.max
    private static let group = 32
}
