import LimpetDocuments
public import LimpetEvents

/// A user's latest explicit statement about each purpose for which data may be used.
public struct ConsentStatements: Hashable, Sendable {
    /// A statement about one purpose.
    public struct Statement: Hashable, Sendable {
        /// The purpose, e.g. `personalise` or `message:email`.
        public var purpose: String
        /// True for consent, false for its refusal.
        public var isGiven: Bool
        /// The time of the statement.
        public var time: Timestamp
        /// True if a known user made it, false if an anonymous one did.
        public var isFromKnown: Bool

        /// Creates a statement.
        public init(purpose: String, isGiven: Bool, time: Timestamp, isFromKnown: Bool) {
            self.purpose = purpose
            self.isGiven = isGiven
            self.time = time
            self.isFromKnown = isFromKnown
        }
    }

    /// The statements, one a purpose.
    public private(set) var statements: [Statement] = []
    /// True once the user has objected to profiling.
    public var hasObjected = false

    /// The purpose of keeping a user's events.
    public static let collect = "collect"
    /// The purpose of deriving features and scores from them.
    public static let profile = "profile"
    /// The purpose of making offers by them.
    public static let personalise = "personalise"
    /// The largest number of purposes of one user.
    public static let limit = 100

    /// Returns the purpose of messages by a channel.
    public static func messages(by channel: String) -> String { "message:\(channel)" }

    /// Creates statements of nobody.
    public init() {}

    /// Returns what the user has said about a purpose; nil for nothing.
    public func answer(about purpose: String) -> Bool? {
        statements.first { $0.purpose.isVerbatim(purpose) }?.isGiven
    }

    /// Returns true if data may be used for a purpose under a rule.
    public func allows(_ purpose: String, under rule: ConsentRule) -> Bool {
        if hasObjected, !purpose.isVerbatim(Self.collect) { return false }
        return answer(about: purpose) ?? (rule != .required)
    }

    /// Takes in a statement, unless a later one about the purpose is there; of two of one time, no wins.
    public mutating func take(_ statement: Statement) {
        guard let place = statements.firstIndex(where: { $0.purpose.isVerbatim(statement.purpose) }) else {
            if statements.count < Self.limit { statements.append(statement) }
            return
        }
        let old = statements[place]
        // An anonymous yes never overrules a known no: who it was is not certain.
        if !old.isGiven, old.isFromKnown, statement.isGiven, !statement.isFromKnown { return }
        if statement.time > old.time || statement.time == old.time && !statement.isGiven {
            statements[place] = statement
        }
    }

    /// Takes in what an event says about purposes.
    mutating func take(_ said: [IncomingEvent.Statement], by ids: [ProfileID], at time: Timestamp) {
        let isFromKnown = ids.contains { $0.kind == .known }
        for statement in said {
            take(
                Statement(
                    purpose: statement.purpose, isGiven: statement.isGiven, time: time,
                    isFromKnown: isFromKnown))
        }
    }

    /// Takes in what the user said under another id.
    mutating func join(_ other: ConsentStatements) {
        hasObjected = hasObjected || other.hasObjected
        for statement in other.statements {
            let old = statements.first { $0.purpose.isVerbatim(statement.purpose) }
            let isKnownNo = !statement.isGiven && statement.isFromKnown
            if let old, isKnownNo, old.isGiven, !old.isFromKnown {
                replace(statement)
            } else {
                take(statement)
            }
        }
    }

    private mutating func replace(_ statement: Statement) {
        statements.removeAll { $0.purpose.isVerbatim(statement.purpose) }
        statements.append(statement)
    }
}

extension ConsentStatements {
    func write(to writer: inout PackedWriter) {
        writer.byte(hasObjected ? 1 : 0)
        writer.count(statements.count)
        for statement in statements {
            writer.text(statement.purpose)
            writer.byte((statement.isGiven ? 1 : 0) | (statement.isFromKnown ? 2 : 0))
            writer.signed(statement.time.milliseconds)
        }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        hasObjected = try reader.byte(atMost: 1) == 1
        statements = try reader.list { reader throws(PackedError) in
            let purpose = try reader.text()
            let bits = try reader.byte(atMost: 3)
            return Statement(
                purpose: purpose, isGiven: bits & 1 != 0, time: Timestamp(milliseconds: try reader.signed()),
                isFromKnown: bits & 2 != 0)
        }
    }
}
