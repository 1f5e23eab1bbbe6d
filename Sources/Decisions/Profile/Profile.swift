public import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures

/// All that is held about one user: the events as far as they are read, the ledger, timers, consent and ids.
///
/// A profile changes in two ways only: ``take(_:record:now:)`` adds an event, and ``apply(_:of:)`` the
/// effects that a step had. A start of the service repeats both from the log and decides nothing anew.
public struct Profile: Sendable {
    /// The number of the profile, which no other has ever had.
    public let number: UInt64
    /// The ids, in the order in which they came; the first decides on the holdout.
    public internal(set) var ids: [ProfileID]
    /// The events, packed.
    public internal(set) var history: LiveState
    /// The number of events that came after the history was full.
    public internal(set) var overflow = 0
    /// The deliveries that caps may still count, in the order of their decisions.
    public internal(set) var ledger = AttentionAccount()
    /// The past with each offer.
    public internal(set) var offers: [OfferMemory] = []
    /// The pending timers.
    public internal(set) var timers: [PendingTimer] = []
    /// The keys of conditions with a level that hold, ascending.
    public internal(set) var levels: [UInt64] = []
    /// The statements about consent.
    public internal(set) var consent = ConsentStatements()
    /// The messages that came lately.
    public internal(set) var messages = MessageMemory()
    /// The user's zone.
    public internal(set) var clock = UserClock()
    /// True if ids of both groups of the holdout have been joined.
    public internal(set) var isCrossed = false
    /// The id by which membership in the holdout is drawn: that of the profile that was decided on first.
    public internal(set) var holdoutID: ProfileID?
    /// The number of decisions with a receipt.
    public internal(set) var decisionCount = 0
    /// The time of the first decision.
    public internal(set) var firstDecision: Timestamp?
    /// The number of the last record of the log about this user; 0 for none.
    public internal(set) var lastRecord: UInt64 = 0
    /// The time of that record.
    public internal(set) var lastNow = Timestamp(milliseconds: 0)

    /// The number of events from which on the history stops growing, and the user gets no offers.
    public static let historyLimit = 100_000

    /// Creates the profile of a user of whom nothing is known but an id.
    public init(number: UInt64, id: ProfileID, features: LiveFeatures) {
        self.number = number
        ids = [id]
        history = LiveState(features)
    }

    init(number: UInt64, ids: [ProfileID], history: LiveState) {
        self.number = number
        self.ids = ids
        self.history = history
    }

    /// True once the history is full: its features are missing.
    public var isOverflowing: Bool { overflow > 0 }
    /// The id of the known user; nil while only anonymous ones are known.
    public var knownID: ProfileID? { ids.first { $0.kind == .known } }

    /// The time at which something about the user is to be done next without an event; nil for never.
    public var wakeUp: Timestamp? {
        var earliest: Timestamp?
        for timer in timers { earliest = min(earliest ?? timer.due, timer.due) }
        for delivery in ledger.deliveries where delivery.handOut == nil {
            earliest = min(earliest ?? delivery.validUntil, delivery.validUntil)
        }
        return earliest
    }

    /// The memory of the profile in bytes, roughly, beside what all profiles share.
    public var memory: Int {
        MemoryLayout<Profile>.size + history.memory + messages.memory
            + ledger.deliveries.capacity * MemoryLayout<Delivery>.stride
            + offers.capacity * MemoryLayout<OfferMemory>.stride
            + timers.capacity * MemoryLayout<PendingTimer>.stride
            + ids.reduce(0) { $0 + MemoryLayout<ProfileID>.stride + $1.text.utf8.count }
    }

    func memory(of key: UInt64) -> OfferMemory { offers.first { $0.key == key } ?? OfferMemory(key: key) }

    mutating func changeMemory(of key: UInt64, _ change: (inout OfferMemory) -> Void) {
        let place: Int
        if let known = offers.firstIndex(where: { $0.key == key }) {
            place = known
        } else {
            place = offers.count
            offers.append(OfferMemory(key: key))
        }
        change(&offers[place])
    }

    /// Returns the timer of an offer.
    func timer(of key: UInt64, _ kind: PendingTimer.Kind) -> PendingTimer? {
        timers.first { $0.offerKey == key && $0.kind == kind }
    }
}
