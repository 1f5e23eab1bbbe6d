import LimpetDocuments
public import LimpetEvents
import LimpetFeatures

extension Profile {
    /// Adds an event that is no repetition: to the history, the messages, the zone, the consent and the ids.
    ///
    /// - Parameters:
    ///   - record: the number of the record that holds the event.
    ///   - now: the clock's time of its record.
    public mutating func take(_ incoming: IncomingEvent, record: UInt64, now: Timestamp) {
        let event = incoming.event
        if let message = incoming.message { messages.remember(message, record: record, at: now) }
        for id in incoming.ids where !ids.contains(id) { ids.append(id) }
        consent.take(incoming.consent, by: incoming.ids, at: event.time)
        if event.name.isVerbatim(ReservedEvent.objection) { object() }
        clock.take(zone: incoming.zone, offsetMinutes: event.zoneOffsetMinutes, at: event.time)
        guard !incoming.flags.contains(.own) else { return }
        if history.count < Self.historyLimit, overflow == 0 {
            history.append(event)
        } else {
            overflow += 1
        }
    }

    /// Notes an objection to profiling: levels, which stem from scores, are deleted with the timers of them.
    private mutating func object() {
        consent.hasObjected = true
        levels = []
        timers = timers.filter { $0.kind != .check }
    }

    /// Applies the effects of a step, in their order.
    ///
    /// - Parameter header: the number and the time of the record that holds them.
    public mutating func apply(_ effects: [Effect], of header: RecordHeader) {
        for effect in effects { apply(effect, header) }
        lastRecord = header.number
        lastNow = header.now
    }

    private mutating func apply(_ effect: Effect, _ header: RecordHeader) {
        switch effect {
        case .reserve(let delivery):
            ledger.forget(at: header.now)
            ledger.reserve(delivery)
        case .handOut(let record, let handOut):
            ledger.handOut(record, handOut)
            if let delivery = ledger.delivery(record) {
                changeMemory(of: delivery.offerKey) {
                    $0.lastHandOut = max($0.lastHandOut ?? handOut.time, handOut.time)
                }
            }
        case .release(let record, _): ledger.release(record)
        case .arm(let timer):
            timers.removeAll { timer.replaces($0) }
            timers.append(timer)
        case .disarm(let key, let kind): timers.removeAll { $0.offerKey == key && $0.kind == kind }
        case .fired(let key, let start, let deadline):
            changeMemory(of: key) { $0.lastFired = start..<max(start, deadline) }
        case .level(let key, let isOn): setLevel(key, isOn)
        case .eligible(let key):
            changeMemory(of: key) {
                if $0.firstEligible == nil {
                    $0.firstEligible = OfferMemory.Eligibility(time: header.now, record: header.number)
                }
            }
        case .dismiss(let record, let key):
            ledger.dismiss(record)
            changeMemory(of: key) {
                $0.dismissals += 1
                $0.lastDismissal = header.now
            }
        case .click(let key): changeMemory(of: key) { $0.dismissals = 0 }
        case .decided:
            decisionCount += 1
            if firstDecision == nil { firstDecision = header.now }
            if holdoutID == nil { holdoutID = ids.first }
        case .lateCancel: break
        case .crossed: isCrossed = true
        }
    }

    private mutating func setLevel(_ key: UInt64, _ isOn: Bool) {
        let place = levels.partitioningIndex { $0 >= key }
        let isThere = place < levels.count && levels[place] == key
        if isOn, !isThere { levels.insert(key, at: place) }
        if !isOn, isThere { levels.remove(at: place) }
    }
}

/// The names of the events that the service alone makes.
public enum ReservedEvent {
    /// A statement about consent by a request of its own.
    public static let consent = "$consent"
    /// The joining of two profiles of one user.
    public static let join = "$join"
    /// An objection to profiling.
    public static let objection = "$objection"

    /// Returns true if a name is reserved for the service.
    public static func isReserved(_ name: String) -> Bool { name.utf8.first == UInt8(ascii: "$") }
}
