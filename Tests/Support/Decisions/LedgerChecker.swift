package import LimpetDecisions
package import LimpetDocuments
package import LimpetEvents

/// Something that somebody outside sees of one user.
package enum Sighting {
    case event(IncomingEvent, at: Timestamp)
    case receipt(JSON)
    /// An answer with the offer of a receipt.
    case answer(receipt: String, at: Timestamp)
}

/// A naive checker of what a user was shown, by events, receipts and answers alone.
package struct LedgerChecker {
    /// What is wrong, in words.
    package private(set) var faults: [String] = []
    private let policy: Policy
    private var events: [(name: String, time: Timestamp)] = []
    private var zone = (name: "", time: Timestamp(milliseconds: .min))
    private var receipts: [VerbatimText: Promise] = [:]
    private var exposures: [Exposure] = []
    private var refusal = (isRefused: false, time: Timestamp(milliseconds: .min))

    /// An offer that a receipt promises.
    private struct Promise {
        var offer: String
        var validUntil: String
        var isReleased = false
        var isShown = false
        var isWithheld: Bool
    }

    /// An offer that was shown, or whose showing was simulated.
    private struct Exposure {
        var offer: String
        var time: Timestamp
        var day: Int64
    }

    /// Checks what was seen of a user.
    package init(_ sightings: [Sighting], policy: Policy) {
        self.policy = policy
        for sighting in sightings {
            switch sighting {
            case .event(let incoming, let now): take(incoming, at: now)
            case .receipt(let json): take(json)
            case .answer(let id, let now): take(id, at: now)
            }
        }
    }

    private mutating func take(_ incoming: IncomingEvent, at now: Timestamp) {
        for statement in incoming.consent where statement.purpose == "personalise" {
            let time = incoming.event.time
            let isNewer = time > refusal.time || time == refusal.time && !statement.isGiven
            if isNewer, refusal.time < .distant { refusal = (!statement.isGiven, time) }
        }
        if incoming.event.name == ReservedEvent.objection { refusal = (true, .distant) }
        if let name = incoming.zone, incoming.event.time >= zone.time { zone = (name, incoming.event.time) }
        guard !incoming.flags.contains(.own) else { return }
        events.append((incoming.event.name, incoming.event.time))
        for key in Array(receipts.keys) {
            guard let promise = receipts[key], !promise.isShown, !promise.isReleased else { continue }
            let goal = policy.offers.first { $0.id == promise.offer }?.goal
            if goal?.events.matches(incoming.event.name) ?? false {
                receipts[key]?.offer += " after its goal"
            }
        }
    }

    private mutating func take(_ json: JSON) {
        let id = VerbatimText(json["id"]?.text ?? "")
        guard receipts[id] == nil else { return faults.append("\(id.text) twice") }
        switch json["outcome"]?["type"]?.text {
        case "offer", "withheld":
            let offer = json["outcome"]?["offer"]?.text ?? ""
            let isWithheld = json["outcome"]?["type"]?.text == "withheld"
            receipts[id] = Promise(
                offer: offer, validUntil: json["delivery"]?["validUntil"]?.text ?? "", isWithheld: isWithheld)
            let isHandedOut = json["delivery"]?["handedOut"] == .boolean(true)
            let isInApp = json["delivery"]?["channel"]?.text == Policy.Offer.inApp
            if isHandedOut, !isInApp || isWithheld, let now = time(json["now"]) { expose(id, at: now) }
        case "released":
            let promise = VerbatimText(json["cause"]?["receipt"]?.text ?? "")
            if receipts[promise] == nil { faults.append("\(promise.text) released and never reserved") }
            receipts[promise]?.isReleased = true
        default: break
        }
    }

    private mutating func take(_ id: String, at now: Timestamp) {
        let key = VerbatimText(id)
        guard let promise = receipts[key] else { return faults.append("\(id) shown without a reservation") }
        if promise.isWithheld { faults.append("\(id) shown to a user in the holdout") }
        if promise.isReleased { faults.append("\(id) shown after it was taken back") }
        if promise.isShown { faults.append("\(id) shown twice") }
        if promise.offer.contains("after its goal") { faults.append("\(id) shown after its goal") }
        if let end = TimeParser().parse(promise.validUntil)?.timestamp, end < now {
            faults.append("\(id) shown after its time")
        }
        expose(key, at: now)
    }

    private mutating func expose(_ id: VerbatimText, at now: Timestamp) {
        guard let offer = receipts[id]?.offer else { return }
        receipts[id]?.isShown = true
        if refusal.isRefused { faults.append("\(id.text) shown without consent") }
        guard !policy.serviceMessages.contains(offer) else { return }
        let rules = (try? TestZones.zone(zone.name)) ?? .utc
        let day = rules.dayNumber(at: now)
        if let last = exposures.map(\.time).max(),
            now.milliseconds - last.milliseconds < policy.caps.spacing.milliseconds
        {
            faults.append("\(id.text) shown too soon")
        }
        if let cooldown = policy.offers.first(where: { $0.id == offer })?.cooldown,
            let last = exposures.filter({ $0.offer == offer }).map(\.time).max(),
            now.milliseconds - last.milliseconds < cooldown.milliseconds
        {
            faults.append("\(id.text) shown within its cooldown")
        }
        exposures.append(Exposure(offer: offer, time: now, day: day))
        let today = exposures.count { $0.day == day || rules.dayNumber(at: $0.time) == day }
        if today > policy.caps.perDay { faults.append("\(id.text) is number \(today) of the day") }
        let start = sessionStart(at: now)
        let inSession = exposures.count { $0.time >= start }
        if inSession > policy.caps.perSession {
            faults.append("\(id.text) is number \(inSession) of the session")
        }
    }

    /// The start of the session that is active, from all events that have come so far.
    private func sessionStart(at now: Timestamp) -> Timestamp {
        let gap = policy.caps.sessionGap.milliseconds
        var start = now + TimeSpan(milliseconds: 1)
        for time in events.map(\.time).sorted(by: >) where time <= now {
            let isFirst = start.milliseconds == now.milliseconds + 1
            guard start.milliseconds - time.milliseconds <= gap + (isFirst ? 1 : 0) else { break }
            start = time
        }
        return start
    }

    private func time(_ json: JSON?) -> Timestamp? {
        json?.text.flatMap { TimeParser().parse($0)?.timestamp }
    }
}

extension Timestamp {
    /// A time after all others.
    fileprivate static let distant = Timestamp(milliseconds: .max)
}
