import LimpetDocuments
public import LimpetEvents

/// A reader of the rows of a log into user states, with dispatches by event code, and amounts and keys by
/// column.
public struct LogReader: Sendable {
    /// The log.
    public let log: EventLog
    /// The plan whose series are filled.
    public let plan: FeaturePlan
    private let dispatches: [EventDispatch]
    let amountColumns: [[Int64]]
    private let keyColumns: [(codes: [UInt32], keys: [UInt64])]

    /// Binds a log to a plan.
    ///
    /// - Throws: ``MissingColumnError`` when the log does not have a property that the plan reads.
    public init(_ log: EventLog, plan: FeaturePlan) throws(MissingColumnError) {
        self.log = log
        self.plan = plan
        dispatches = log.eventNames.map { plan.dispatch(for: $0) }
        var amountColumns: [[Int64]] = []
        for (name, decimals) in plan.amountProperties {
            guard let column = log.amounts(of: name), column.decimals == decimals else {
                throw MissingColumnError(property: name, asAmount: true)
            }
            amountColumns.append(column.units)
        }
        self.amountColumns = amountColumns
        var keyColumns: [(codes: [UInt32], keys: [UInt64])] = []
        for name in plan.textProperties {
            guard !log.isEventName(name) else {
                keyColumns.append(([], []))
                continue
            }
            guard let column = log.texts(of: name) else {
                throw MissingColumnError(property: name, asAmount: false)
            }
            keyColumns.append((column.codes, column.keys.all))
        }
        self.keyColumns = keyColumns
    }

    /// Replaces the events of `state` by those of one user of the log.
    public func load(user: Int, into state: inout UserState, projection: inout EventProjection) {
        load(user: user, dispatches, into: &state, projection: &projection)
    }

    /// Replaces the events of `state` by those of one user of the log, in the series alone to which the given
    /// dispatches add them.
    func load(
        user: Int, _ dispatches: [EventDispatch], into state: inout UserState,
        projection: inout EventProjection
    ) {
        state.removeAll()
        let (dispatches, events, times) = (dispatches.span, log.events.span, log.times.span)
        for row in log.rows(ofUser: user) {
            // Copies of a dispatch would count references for each event.
            let event = Int(events[row])
            guard !dispatches[event].isEmpty else { continue }
            let nameKey = dispatches[event].nameKey
            projection.project(
                onto: plan, time: times[row], zoneOffset: zoneOffset(ofRow: row), nameKey: nameKey,
                units: { amountColumns[$0][row] },
                key: { slot in
                    // Without codes it is an alias of the event's name.
                    keyColumns[slot].codes.isEmpty
                        ? nameKey : keyColumns[slot].keys[Int(keyColumns[slot].codes[row])]
                })
            state.append(projection, dispatch: dispatches[event])
        }
    }

    /// Returns the dispatch of each event code to the series that some features read.
    func restrictedDispatches(to evaluators: [FeatureEvaluator]) -> [EventDispatch] {
        let selection = SeriesSelection(evaluators)
        return dispatches.map { $0.restricted(to: selection) }
    }

    /// Returns the local time of a row, as milliseconds since 1970 on the local clock.
    func local(row: Int, time: Int64) -> Int64 {
        plan.local(Timestamp(milliseconds: time), zoneOffsetMinutes: zoneOffset(ofRow: row))
    }

    private func zoneOffset(ofRow row: Int) -> Int? {
        guard let offsets = log.zoneOffsets, offsets[row] != EventLog.noZoneOffset else { return nil }
        return Int(offsets[row])
    }
}

/// An error for a property that features read and the log does not have.
public struct MissingColumnError: Error, Equatable, CustomStringConvertible {
    /// The property.
    public let property: String
    /// True when it is read as an amount.
    public let asAmount: Bool

    /// The missing property.
    public var description: String {
        "no event of the log has the property \(property)" + (asAmount ? " (an amount)" : "")
    }
}
