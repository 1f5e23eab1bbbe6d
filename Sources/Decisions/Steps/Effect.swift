public import LimpetEvents
import LimpetDocuments

/// A change of a profile that a step decided on. Applying it needs neither model nor policy.
public enum Effect: Hashable, Sendable {
    /// An offer was reserved, by the record that holds the effect.
    case reserve(Delivery)
    /// A delivery was handed out, or its hand-out simulated.
    case handOut(record: UInt64, Delivery.HandOut)
    /// A reservation was taken back.
    case release(record: UInt64, Release)
    /// A timer was set, in place of the one of the same offer and kind.
    case arm(PendingTimer)
    /// A timer was removed.
    case disarm(offerKey: UInt64, PendingTimer.Kind)
    /// The wait for an absence ended without the event.
    case fired(offerKey: UInt64, start: Timestamp, deadline: Timestamp)
    /// A condition with a level began or ceased to hold.
    case level(key: UInt64, isOn: Bool)
    /// The user was eligible for an offer for the first time.
    case eligible(offerKey: UInt64)
    /// The user dismissed an offer.
    case dismiss(record: UInt64, offerKey: UInt64)
    /// The user clicked on an offer, which ends a row of dismissals.
    case click(offerKey: UInt64)
    /// A decision was made.
    case decided
    /// An event came that would have ended a wait, had it come in time.
    case lateCancel(offerKey: UInt64)
    /// Ids of both groups of the holdout have been joined.
    case crossed

    /// The reasons for taking back a reservation.
    public enum Release: UInt8, CaseIterable, Sendable {
        /// Its time ran out.
        case expired = 0
        /// The user has no longer consented.
        case consent = 1
        /// A cap would be exceeded.
        case caps = 2
        /// The user has reached the offer's goal.
        case goal = 3
        /// The user's data were erased.
        case erased = 4
        /// All offers are stopped.
        case silence = 5
        /// It is a quiet hour.
        case quietHours = 6

        /// The name in receipts.
        public var name: String {
            switch self {
            case .expired: "expired"
            case .consent: "consent"
            case .caps: "caps"
            case .goal: "goal"
            case .erased: "erased"
            case .silence: "silence"
            case .quietHours: "quietHours"
            }
        }
    }
}

extension Effect {
    private enum Tag: UInt8 {
        case reserve, handOut, release, arm, disarm, fired, levelOn, levelOff, eligible, dismiss, click,
            decided
        case lateCancel, crossed
    }

    func write(to writer: inout PackedWriter) {
        func tag(_ tag: Tag) { writer.byte(tag.rawValue) }
        switch self {
        case .reserve(let delivery):
            tag(.reserve)
            delivery.write(to: &writer)
        case .handOut(let record, let handOut):
            tag(.handOut)
            writer.number(record)
            handOut.write(to: &writer)
        case .release(let record, let release):
            tag(.release)
            writer.number(record)
            writer.byte(release.rawValue)
        case .arm(let timer):
            tag(.arm)
            timer.write(to: &writer)
        case .disarm(let key, let kind):
            tag(.disarm)
            writer.fixed(key)
            writer.byte(kind.rawValue)
        case .fired(let key, let start, let deadline):
            tag(.fired)
            writer.fixed(key)
            writer.time(start)
            writer.time(deadline)
        case .level(let key, let isOn):
            tag(isOn ? .levelOn : .levelOff)
            writer.fixed(key)
        case .eligible(let key):
            tag(.eligible)
            writer.fixed(key)
        case .dismiss(let record, let key):
            tag(.dismiss)
            writer.number(record)
            writer.fixed(key)
        case .click(let key):
            tag(.click)
            writer.fixed(key)
        case .decided: tag(.decided)
        case .lateCancel(let key):
            tag(.lateCancel)
            writer.fixed(key)
        case .crossed: tag(.crossed)
        }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        guard let tag = Tag(rawValue: try reader.byte()) else { throw reader.damage }
        switch tag {
        case .reserve: self = .reserve(try Delivery(&reader))
        case .handOut: self = .handOut(record: try reader.number(), try Delivery.HandOut(&reader))
        case .release:
            let record = try reader.number()
            guard let release = Release(rawValue: try reader.byte()) else { throw reader.damage }
            self = .release(record: record, release)
        case .arm: self = .arm(try PendingTimer(&reader))
        case .disarm:
            let key = try reader.fixed()
            guard let kind = PendingTimer.Kind(rawValue: try reader.byte()) else { throw reader.damage }
            self = .disarm(offerKey: key, kind)
        case .fired:
            self = .fired(offerKey: try reader.fixed(), start: try reader.time(), deadline: try reader.time())
        case .levelOn: self = .level(key: try reader.fixed(), isOn: true)
        case .levelOff: self = .level(key: try reader.fixed(), isOn: false)
        case .eligible: self = .eligible(offerKey: try reader.fixed())
        case .dismiss: self = .dismiss(record: try reader.number(), offerKey: try reader.fixed())
        case .click: self = .click(offerKey: try reader.fixed())
        case .decided: self = .decided
        case .lateCancel: self = .lateCancel(offerKey: try reader.fixed())
        case .crossed: self = .crossed
        }
    }
}
