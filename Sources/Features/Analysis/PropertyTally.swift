import LimpetDocuments
import LimpetEvents

/// The texts of one property by the event that carries them, with the users of each event.
struct PropertyTally: Sendable {
    let name: String
    /// By the event's code.
    private(set) var events: [Carried]
    private var dictionary: [String] = []

    /// The property on the rows of one event.
    struct Carried: Sendable {
        var rows = 0
        var users = 0
        /// The number of different texts.
        var levels = 0
        /// True for the texts that the event carries, by their code; empty before the first.
        var isUsed: [Bool] = []
        var lastUser = -1
        /// The users with several texts of the event's, and those of them whose text changes.
        var repeatingUsers = 0
        var changingUsers = 0
        private var lastText = -1
        private var rowsOfUser = 0
        private var isChanging = false

        /// True when a user has the property once, or always the same: it is the user's, and adds up to
        /// nothing.
        var isAttribute: Bool {
            rows <= users + users / 50 || (repeatingUsers >= 20 && changingUsers * 50 <= repeatingUsers)
        }
    }

    init(_ name: String, events count: Int) {
        self.name = name
        events = [Carried](repeating: Carried(), count: count)
    }

    /// Adds the rows of a log before a time.
    mutating func add(_ log: EventLog, before end: Int64) {
        guard let texts = log.texts[name] else { return }
        dictionary = texts.dictionary
        for event in events.indices { events[event].lastUser = -1 }
        let (codes, times, names) = (texts.codes.span, log.times.span, log.events.span)
        for user in log.users.indices {
            for row in log.rows(ofUser: user) where codes[row] != 0 && times[row] < end {
                events[Int(names[row])].add(Int(codes[row]), of: dictionary.count, user: user)
            }
        }
    }

    /// The texts that any event carries.
    var texts: [String] {
        dictionary.indices.filter { text in events.contains { !$0.isUsed.isEmpty && $0.isUsed[text] } }
            .map { dictionary[$0] }
    }
}

extension PropertyTally.Carried {
    @inline(__always)
    fileprivate mutating func add(_ text: Int, of count: Int, user: Int) {
        if isUsed.count < count { isUsed += [Bool](repeating: false, count: count - isUsed.count) }
        rows += 1
        if !isUsed[text] {
            isUsed[text] = true
            levels += 1
        }
        guard lastUser != user else {
            rowsOfUser += 1
            if rowsOfUser == 2 { repeatingUsers += 1 }
            if !isChanging, text != lastText {
                isChanging = true
                changingUsers += 1
            }
            return
        }
        (lastUser, lastText, rowsOfUser, isChanging) = (user, text, 1, false)
        users += 1
    }
}
