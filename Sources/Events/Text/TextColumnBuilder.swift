/// A column of texts under construction: each row's code, and the dictionary of the codes.
struct TextColumnBuilder: Sendable {
    var dictionary: TextDictionary
    var codes: [UInt32] = []
    /// The accumulated results of ``TextDictionary/touch(_:from:_:)``, stored so that the reads are not
    /// optimised away.
    private var warmth: UInt64 = 0
    /// A block's column that ``takeIncoming(atRow:keeping:)`` is about to add.
    var incoming: (texts: TextList, codes: [UInt32])?

    /// - Parameter hasEmpty: whether code 0 stands for "no text".
    init(hasEmpty: Bool) { dictionary = hasEmpty ? .beginningWithEmpty : TextDictionary() }

    /// Fills the rows before `row` that are still missing with "no text".
    mutating func fill(to row: Int) {
        guard codes.count < row else { return }
        codes.append(contentsOf: repeatElement(0, count: row - codes.count))
    }

    mutating func append(_ text: String, atRow row: Int) {
        fill(to: row)
        codes.append(dictionary.code(of: text))
    }

    /// Adds the rows of ``incoming`` that are kept, beginning at `row` of the log.
    ///
    /// Texts are numbered in the order in which they occur, so that codes do not depend on where blocks
    /// begin.
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
