import LimpetNumerics
public import LimpetEvents

/// What has to be kept of one user's events so that the features at any later snapshot time follow from it.
///
/// It takes events in any order; one that comes late changes it as if it had come in time. It holds no more of an event
/// than the plan reads: a user with 100 events takes 1 to 3 KB. ``LiveReader`` asks it for features.
public struct LiveState: Sendable {
    /// What the states of the plan share.
    public let features: LiveFeatures
    private(set) var journal: EventJournal
    /// The series of a long history, as the only element: a question is then answered without going through it again.
    /// Empty for a short history, and after a late event.
    private(set) var longState: [UserState] = []
    /// How many events there were when the series were given up.
    private var countAtLateEvent = 0

    /// From so many events on series are kept; reading a history of fewer takes a few microseconds.
    static let longHistory = 1_024

    /// A user without events.
    public init(_ features: LiveFeatures) {
        self.features = features
        journal = EventJournal(slots: features.slots)
    }

    /// The number of events taken.
    public var count: Int { journal.count }
    /// The time of the latest event; nil before the first.
    public var lastTime: Timestamp? { journal.lastTime.map { Timestamp(milliseconds: $0) } }

    /// The memory of the state in bytes, with what is reserved for events to come, but without ``features``.
    public var memory: Int {
        // A list's own header takes 32 bytes.
        MemoryLayout<LiveState>.size + 32 + journal.words.capacity * MemoryLayout<UInt64>.size
    }

    /// Whether each event takes one word beside its amounts and texts.
    package var isCompact: Bool { journal.isCompact }

    /// Takes an event. Amounts that are no decimal numbers are missing.
    public mutating func append(_ event: Event) {
        let features = features
        let amounts = features.plan.amountProperties.count
        append(
            time: event.time.milliseconds, code: features.code(of: event.name),
            zoneOffset: event.zoneOffsetMinutes
        ) { slot in
            if slot < amounts {
                let property = features.plan.amountProperties[slot]
                let decimal = event.properties[property.name].flatMap { ExactDecimal($0) }
                return decimal?.units(decimals: property.decimals).map { UInt64(bitPattern: $0) }
            }
            if features.keepsNames, slot == features.slots - 1 { return Self.key(event.name) }
            return event.properties[features.plan.textProperties[slot - amounts]].flatMap { Self.key($0) }
        }
    }

    private static func key(_ text: String) -> UInt64? {
        let key = TextKey(text)
        return key.isMissing ? nil : key.rawValue
    }

    /// Takes an event of a class, with its values by slot.
    @inline(__always)
    mutating func append(time: Int64, code: Int, zoneOffset: Int?, value: (Int) -> UInt64?) {
        let isLatest = journal.insert(time: time, code: code, zoneOffset: zoneOffset, value: value)
        if !isLatest {
            longState.removeAll()
            countAtLateEvent = count
        } else if !longState.isEmpty {
            var sample = EventSample(plan: features.plan)
            features.fill(&sample, time: time, zoneOffset: zoneOffset, value: value)
            longState[0].append(sample, dispatch: features.known[code].dispatch)
        } else if count >= Self.longHistory, count >= countAtLateEvent + countAtLateEvent / 8 {
            longState = [UserState(plan: features.plan)]
            load(into: &longState[0])
        }
    }

    /// Fills the series of a state with the events.
    func load(into state: inout UserState) {
        let classes = features.known
        var sample = EventSample(plan: features.plan)
        state.removeAll()
        journal.forEach { record in
            features.fill(&sample, time: record.time, zoneOffset: record.zoneOffset) {
                journal.value(record, slot: $0)
            }
            state.append(sample, dispatch: classes[record.code].dispatch)
            return true
        }
    }
}

extension LiveFeatures {
    /// Writes what an event carries, given by slot, as series read it.
    func fill(_ sample: inout EventSample, time: Int64, zoneOffset: Int?, value: (Int) -> UInt64?) {
        sample.time = time
        sample.local = plan.local(Timestamp(milliseconds: time), zoneOffsetMinutes: zoneOffset)
        let amounts = plan.amountProperties.count
        for slot in 0..<amounts {
            sample.amounts[slot] = value(slot).map { Int64(bitPattern: $0) } ?? NumberColumn.missing
        }
        for slot in plan.textProperties.indices { sample.keys[slot] = value(amounts + slot) ?? 0 }
        sample.nameKey = keepsNames ? value(slots - 1) ?? 0 : 0
    }
}
