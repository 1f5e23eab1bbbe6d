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
        guard !column.codes.isEmpty else { return }
        // The codes are taken out, so that they and the dictionary may change at the same time.
        var all: [UInt32] = []
        swap(&all, &codes)
        var known = [UInt32](repeating: Self.unknown, count: column.texts.count)
        let incoming = column.codes.span
        all.append(addingCapacity: incoming.count) { added in
            guard let isKept else {
                for place in incoming.indices {
                    added.append(code(of: Int(incoming[place]), in: column.texts, &known))
                }
                return
            }
            for place in incoming.indices where isKept[place] {
                added.append(code(of: Int(incoming[place]), in: column.texts, &known))
            }
        }
        swap(&all, &codes)
    }

    /// Returns the code of a block's text, which `known` holds once it was looked up.
    @inline(__always)
    private mutating func code(of text: Int, in texts: TextList, _ known: inout [UInt32]) -> UInt32 {
        if known[text] == Self.unknown {
            if text % Self.group == 0 { warmth ^= dictionary.touch(texts, from: text, Self.group) }
            known[text] = dictionary.code(of: texts, text)
        }
        return known[text]
    }

    private static let unknown = UInt32.max
    private static let group = 32
}
