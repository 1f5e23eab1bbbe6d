import LimpetEvents

/// A reader of window features from the aggregates of users in sequence, with working memory; for use by one
/// worker.
final class WindowReader {
    private let plan: FeaturePlan
    private let slicePlan: SlicePlan
    private var clock: LocalClock
    private let layout: AggregateLayout
    private let rows: NumberTable<Int64>
    private let aggregateStarts: NumberTable<Int>
    private let events: SliceEvents
    // Copies of the plan's lists in memory that this reader owns.
    private let boundaries: NumberTable<Int64>
    private let spanStarts: NumberTable<Int>
    private let dispatches: DispatchTable
    /// The start of the aggregate row of each span, as `[spans][requested snapshot times]`.
    private let spanAggregates: NumberTable<Int>
    private let windowFeatures: NumberTable<SlicePlan.WindowFeature>
    /// The range in `windowFeatures` of the features of each formula.
    private let groups: [(SlicePlan.WindowFeature.Formula, Range<Int>)]
    /// The requested snapshot times.
    private let presentTimes: NumberTable<Int64>

    /// True when civil days went back or sums might overflow 64 bits: features must then be computed from all
    /// events.
    private(set) var needsAllEvents = false

    init(_ plan: FeaturePlan, _ slicePlan: SlicePlan) {
        self.plan = plan
        self.slicePlan = slicePlan
        clock = LocalClock(plan.zone)
        layout = AggregateLayout(
            times: plan.timeFilters.count, amounts: plan.amountSources.count, days: plan.dayFilters.count)
        boundaries = NumberTable(slicePlan.boundaries)
        spanStarts = NumberTable(slicePlan.spanStarts)
        spanAggregates = NumberTable(repeating: 0, count: slicePlan.spanStarts.count)
        presentTimes = NumberTable(repeating: 0, count: slicePlan.spanStarts.count / slicePlan.spans)
        dispatches = DispatchTable(slicePlan.dispatches, layout)
        // A row before all events, and one for each slice between two boundaries.
        let capacity = boundaries.count * layout.width
        precondition(capacity < Int(Int32.max), "aggregates are addressed by 32 bits")
        rows = NumberTable(repeating: 0, count: capacity)
        aggregateStarts = NumberTable(repeating: 0, count: boundaries.count)
        windowFeatures = NumberTable(slicePlan.windowFeatures)
        groups = SlicePlan.WindowFeature.Formula.allCases.map { formula in
            let first = slicePlan.windowFeatures.partitioningIndex { $0.formula.rawValue >= formula.rawValue }
            return (
                formula,
                first..<slicePlan.windowFeatures.partitioningIndex { $0.formula.rawValue > formula.rawValue }
            )
        }
        events = SliceEvents(days: layout.days, boundaries: boundaries.count)
    }

    private var aggregates: PrefixAggregates {
        PrefixAggregates(layout: layout, rows: rows.view, aggregateStarts: aggregateStarts.view)
    }

    private func pass() -> SlicePass {
        SlicePass(aggregates, boundaries: boundaries.view, dispatches: dispatches, events: events.views)
    }

    /// Computes the aggregates of a user of a log.
    func run(_ reader: LogReader, user: Int) {
        let range = reader.log.rows(ofUser: user)
        let first = range.lowerBound
        events.reserve(range.count)
        var pass = pass()
        let (times, codes) = (reader.log.times, reader.log.events)
        for place in range {
            guard pass.add(times[place], Int(codes[place])) else { break }
        }
        pass.endEvents { times[first &+ $0] }
        for (slot, table) in dispatches.amounts {
            let units = reader.amountColumns[slot]
            pass.addAmounts(table) { units[first &+ $0] }
        }
        if dispatches.hasDays {
            findDays(pass.count, reader.log, from: first)
            pass.addDays()
        }
        pass.sumUp()
        needsAllEvents = pass.needsAllEvents
    }

    /// Computes the civil days of events.
    ///
    /// - Parameters:
    ///   - time: returns the time of an event.
    ///   - offset: returns the offset of an event in minutes east of UTC; nil when it does not give one.
    @inline(__always)
    private static func findDays(
        _ days: NumberView<Int64>, _ clock: inout LocalClock, time: (Int) -> Int64, offset: (Int) -> Int64?
    ) {
        // Local copies, so that a loop holds them in registers.
        var (validity, shift) = (clock.validity, clock.offset)
        for index in 0..<days.count {
            let time = time(index)
            if let offset = offset(index) {
                days[index] = CivilDay.number(local: time &+ offset &* 60_000)
                continue
            }
            if !validity.contains(time) {
                clock.turn(to: time)
                (validity, shift) = (clock.validity, clock.offset)
            }
            days[index] = CivilDay.number(local: time &+ shift)
        }
    }

    private func findDays(_ count: Int, _ log: EventLog, from first: Int) {
        let (times, days) = (log.times, events.views.days.part(0, count))
        guard let offsets = log.zoneOffsets else {
            return Self.findDays(days, &clock, time: { times[first &+ $0] }, offset: { _ in nil })
        }
        Self.findDays(days, &clock) {
            times[first &+ $0]
        } offset: {
            offsets[first &+ $0] == EventLog.noZoneOffset ? nil : Int64(offsets[first &+ $0])
        }
    }

    /// Computes the aggregates of a live state, with the plan's boundaries counted from a snapshot time.
    func run(_ journal: borrowing EventJournal, at snapshotTime: Int64) {
        for place in 1..<boundaries.count { boundaries[place] = slicePlan.boundaries[place] &+ snapshotTime }
        events.reserveRecords(journal.count)
        if journal.isCompact {
            run(journal.compactRecords, journal.count)
        } else {
            run(journal.wideRecords, journal.count)
        }
    }

    private func run<Layout: RecordLayout>(_ records: JournalRecords<Layout>, _ count: Int) {
        let starts = events.recordStarts
        var pass = pass()
        // The first column is read together with the rest of a record if its bit is in the head.
        let primary = dispatches.amounts.first.flatMap { Layout.headBit($0.slot) == 0 ? nil : $0 }
        let slotBit = primary.map { Layout.headBit($0.slot) } ?? 0
        let bits = pass.takeRecords(records, count, slotBit: slotBit, starts)
        pass.endEvents { records.time(starts[$0]) }
        for (slot, table) in dispatches.amounts {
            let column = records.column(slot)
            if slot == primary?.slot {
                pass.endAmounts(table, bits) { column.units(starts[$0]) }
            } else {
                pass.addAmounts(table) { column.units(starts[$0]) }
            }
        }
        if dispatches.hasDays {
            Self.findDays(events.views.days.part(0, pass.count), &clock) {
                records.time(starts[$0])
            } offset: {
                records.zoneOffset(starts[$0])
            }
            pass.addDays()
        }
        pass.sumUp()
        needsAllEvents = pass.needsAllEvents
    }

    // MARK: Answers

    /// Returns true if the user belongs to the population at a snapshot time.
    func isInPopulation(_ snapshotTime: Int) -> Bool {
        let (aggregates, end) = (aggregates, spanStarts[snapshotTime])
        guard aggregates.count(plan.hasDoneSeries, 0, end) > 0 else { return false }
        if let series = plan.hasNotDoneSeries, aggregates.count(series, 0, end) > 0 { return false }
        guard plan.population.activeWithin != nil else { return true }
        return aggregates.count(plan.activitySeries, slicePlan.activeStarts[snapshotTime], end) > 0
    }

    /// Returns true if an event of the label lies between a snapshot time and its horizon.
    func hasLabelEvent(_ snapshotTime: Int, series: Int) -> Bool {
        aggregates.count(series, spanStarts[snapshotTime], slicePlan.labelEnds[snapshotTime]) > 0
    }

    /// Writes all window features at the only snapshot time of the plan to their positions in a vector.
    func write(now: Int64, into numbers: inout [Double]) {
        for span in 0..<slicePlan.spans { spanAggregates[span] = aggregateStarts[spanStarts[span]] }
        let (aggregates, starts, windowFeatures) = (aggregates, spanAggregates.view, windowFeatures.view)
        let end = starts[0]
        var target = numbers.mutableSpan
        for (formula, places) in groups {
            formula.withConstant { formula in
                for place in places {
                    let feature = windowFeatures[place]
                    target[feature.feature] = aggregates.value(
                        feature, formula, starts[feature.span], otherStart: starts[feature.otherSpan], end,
                        now: now)
                }
            }
        }
    }

    /// Writes all window features at the given snapshot times, in sequence.
    ///
    /// - Parameters:
    ///   - present: the indices of the snapshot times.
    ///   - target: the numbers as `[features][stride]`.
    ///   - stride: the distance between two features in `target`.
    ///   - row: the first row of the snapshot times.
    func write(
        at present: [Int], _ snapshotTimes: [Int64], to target: NumberView<Double>, stride: Int, from row: Int
    ) {
        let (aggregatesOfSpans, times) = (spanAggregates.view, presentTimes.view)
        for index in present.indices { times[index] = snapshotTimes[present[index]] }
        for span in 0..<slicePlan.spans {
            let (first, begin) = (span &* snapshotTimes.count, span &* present.count)
            for index in present.indices {
                aggregatesOfSpans[begin &+ index] = aggregateStarts[spanStarts[first &+ present[index]]]
            }
        }
        let values = WindowValues(
            aggregates: aggregates, windowFeatures: windowFeatures.view, aggregatesOfSpans: aggregatesOfSpans,
            times: times, count: present.count,
            target: target, stride: stride, row: row)
        for (formula, places) in groups { values.write(formula, places) }
    }
}

/// The window features of one user at given snapshot times, written from aggregates to columns.
struct WindowValues {
    let aggregates: PrefixAggregates
    let windowFeatures: NumberView<SlicePlan.WindowFeature>
    /// The start of each span's aggregate row, as `[spans][count]`; the first span has the length 0.
    let aggregatesOfSpans: NumberView<Int>
    let times: NumberView<Int64>
    /// The number of snapshot times.
    let count: Int
    /// The numbers as `[features][stride]`.
    let target: NumberView<Double>
    /// The distance between two features in `target`.
    let stride: Int
    /// The first row of the snapshot times.
    let row: Int

    /// Writes the features of one formula. Each formula has its own loop: choosing one for each number would
    /// take longer than computing the number.
    func write(_ formula: SlicePlan.WindowFeature.Formula, _ places: Range<Int>) {
        formula.withConstant { fill($0, places) }
    }

    @inline(__always)
    private func fill(_ formula: SlicePlan.WindowFeature.Formula, _ places: Range<Int>) {
        let ends = aggregatesOfSpans.part(0, count)
        for place in places {
            let feature = windowFeatures[place]
            let column = target.part(feature.feature &* stride &+ row, count)
            let starts = aggregatesOfSpans.part(feature.span &* count, count)
            let otherStarts = aggregatesOfSpans.part(feature.otherSpan &* count, count)
            @inline(__always) func value(_ index: Int) -> Double {
                aggregates.value(
                    feature, formula, starts[index], otherStart: otherStarts[index], ends[index],
                    now: times[index])
            }
            if count > 1, aggregates.isEmpty(formula, feature.series) {
                // The same value at every snapshot time, as for most features of most users.
                column.fill(value(0))
                continue
            }
            for index in 0..<count { column[index] = value(index) }
        }
    }
}

extension SlicePlan.WindowFeature.Formula {
    /// Calls `body` with the formula as a constant, for which the compiler specialises the inlined code.
    @inline(__always)
    func withConstant(_ body: (SlicePlan.WindowFeature.Formula) -> Void) {
        switch self {
        case .count: body(.count)
        case .change: body(.change)
        case .difference: body(.difference)
        case .share: body(.share)
        case .sum: body(.sum)
        case .mean: body(.mean)
        case .activeDays: body(.activeDays)
        case .recency: body(.recency)
        case .tenure: body(.tenure)
        case .meanGap: body(.meanGap)
        case .overdue: body(.overdue)
        }
    }
}
