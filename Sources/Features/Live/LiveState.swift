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
                let units = features.plan.units(of: event, slot: slot)
                return units == NumberColumn.missing ? nil : UInt64(bitPattern: units)
            }
            let isName = features.keepsNames && slot == features.slots - 1
            let key =
                isName
                ? TextKey(event.name).rawValue : features.plan.key(of: event, slot: slot - amounts)
            return key == 0 ? nil : key
        }
    }

    /// Adds an event of a class, with its values by slot.
    @inline(__always)
    mutating func append(time: Int64, code: Int, zoneOffset: Int?, value: (Int) -> UInt64?) {
        let isLatest = journal.insert(time: time, code: code, zoneOffset: zoneOffset, value: value)
        if !isLatest {
            longState.removeAll()
            countAtLateEvent = count
        } else if !longState.isEmpty {
            var projection = EventProjection(plan: features.plan)
            features.project(&projection, time: time, zoneOffset: zoneOffset, value: value)
            longState[0].append(projection, dispatch: features.known[code].dispatch)
        } else if count >= Self.longHistory, count >= countAtLateEvent + countAtLateEvent / 8 {
            longState = [UserState(plan: features.plan)]
            load(into: &longState[0])
        }
    }

    /// Fills the series of a state with the events.
    func load(into state: inout UserState) {
        let classes = features.known
        var projection = EventProjection(plan: features.plan)
        state.removeAll()
        journal.forEach { record in
            features.project(&projection, time: record.time, zoneOffset: record.zoneOffset) {
                journal.value(record, slot: $0)
            }
            state.append(projection, dispatch: classes[record.code].dispatch)
            return true
        }
    }
}

extension LiveFeatures {
    /// Projects an event whose values are given by the slots of a record: amounts, texts, then the name.
    @inline(__always)
    func project(
        _ projection: inout EventProjection, time: Int64, zoneOffset: Int?, value: (Int) -> UInt64?
    ) {
        let amounts = plan.amountProperties.count
        projection.project(
            onto: plan, time: time, zoneOffset: zoneOffset,
            nameKey: keepsNames ? value(slots - 1) ?? 0 : 0,
            units: { value($0).map { Int64(bitPattern: $0) } ?? NumberColumn.missing },
            key: { value(amounts + $0) ?? 0 })
    }
}
