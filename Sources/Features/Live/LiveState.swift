import LimpetNumerics
public import LimpetEvents

/// The parts of one user's events from which the features at any later snapshot time follow.
///
///     var state = LiveState(LiveFeatures(plan))
///     state.append(event)
///     let vector = LiveReader(state.features).features(of: state, at: time)
///
/// Events may be added in any order; a late event has the same effect as one in time. No more of an event is
/// kept than the plan reads: a user with 100 events takes 1 to 3 KB.
public struct LiveState: Sendable {
    /// The shared data of the states of the plan.
    public let features: LiveFeatures
    private(set) var journal: EventJournal
    /// The series of a long history as the only element, so that a read need not go through the history
    /// again; empty for a short history, and after a late event.
    private(set) var longState: [UserState] = []
    /// The number of events when a late event last cleared the series.
    private var countAtLateEvent = 0

    /// The number of events from which on series are kept; reading a shorter history takes a few
    /// microseconds.
    static let longHistory = 1_024

    /// Makes a user without events.
    public init(_ features: LiveFeatures) {
        self.features = features
        journal = EventJournal(slots: features.slots)
    }

    /// The number of events.
    public var count: Int { journal.count }
    /// The time of the latest event; nil before the first.
    public var lastTime: Timestamp? { journal.lastTime.map { Timestamp(milliseconds: $0) } }

    /// The memory of the state in bytes, including reserved capacity, but without ``features``.
    public var memory: Int {
        // An array's header takes 32 bytes.
        MemoryLayout<LiveState>.size + 32 + journal.words.capacity * MemoryLayout<UInt64>.size
    }

    /// True when each event takes one word besides its amounts and texts.
    package var isCompact: Bool { journal.isCompact }

    /// Adds an event. Amounts that are not decimal numbers are missing.
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

    /// Adds an event of a class, with its values by slot.
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
    /// Writes the values of an event, given by slot, into a sample.
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
