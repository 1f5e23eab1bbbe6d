import LimpetEvents

/// Room for the notes of one user after the other; one worker's own.
final class UserSweep {
    private let plan: FeaturePlan
    private let sweep: SweepPlan
    private var clock: LocalClock
    private let layout: NoteLayout
    private let rows: NumberTable<Int64>
    private let noteStarts: NumberTable<Int>
    private let events: SweptEvents
    // The plan's lists, in memory of this sweep's own.
    private let boundaries: NumberTable<Int64>
    private let spanStarts: NumberTable<Int>
    private let routes: SweepRouteTables
    /// Where the notes of each span begin, span after span, at the moments that are asked for.
    private let spanNotes: NumberTable<Int>
    private let swept: NumberTable<SweepPlan.Swept>
    /// The places of the features of each formula.
    private let groups: [(SweepPlan.Swept.Formula, Range<Int>)]
    /// The moments that are asked for.
    private let presentTimes: NumberTable<Int64>

    /// Whether days went back, or sums might leave 64 bits: then only keeping all events says what is right.
    private(set) var needsAllEvents = false

    init(_ plan: FeaturePlan, _ sweep: SweepPlan) {
        self.plan = plan
        self.sweep = sweep
        clock = LocalClock(plan.zone)
        layout = NoteLayout(
            times: plan.timeFilters.count, amounts: plan.amountSources.count, days: plan.dayFilters.count)
        boundaries = NumberTable(sweep.boundaries)
        spanStarts = NumberTable(sweep.spanStarts)
        spanNotes = NumberTable(repeating: 0, count: sweep.spanStarts.count)
        presentTimes = NumberTable(repeating: 0, count: sweep.spanStarts.count / sweep.spans)
        routes = SweepRouteTables(sweep.routes, layout)
        // A note before all events, and one for each stretch between two boundaries.
        let room = boundaries.count * layout.width
        precondition(room < Int(Int32.max), "notes are found by 32 bits")
        rows = NumberTable(repeating: 0, count: room)
        noteStarts = NumberTable(repeating: 0, count: boundaries.count)
        swept = NumberTable(sweep.swept)
        groups = SweepPlan.Swept.Formula.allCases.map { formula in
            let first = sweep.swept.partitioningIndex { $0.formula.rawValue >= formula.rawValue }
            return (formula, first..<sweep.swept.partitioningIndex { $0.formula.rawValue > formula.rawValue })
        }
        events = SweptEvents(days: layout.days, boundaries: boundaries.count)
    }

    private var notes: SweepNotes {
        SweepNotes(layout: layout, rows: rows.view, noteStarts: noteStarts.view)
    }

    private func pass() -> SweepPass {
        SweepPass(notes, boundaries: boundaries.view, routes: routes, events: events.views)
    }

    /// Notes a user's events.
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
        for (slot, table) in routes.amounts {
            let units = reader.amountColumns[slot]
            pass.addAmounts(table) { units[first &+ $0] }
        }
        if routes.hasDays {
            findDays(pass.count, reader.log, from: first)
            pass.addDays()
        }
        pass.sumUp()
        needsAllEvents = pass.needsAllEvents
    }

    /// Finds the civil days of some events.
    ///
    /// - Parameters:
    ///   - time: by event.
    ///   - offset: minutes east of UTC by event; nil where the event does not say.
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

    /// Notes the events of a live state, with the plan's boundaries counted from a moment.
    func run(_ journal: borrowing EventJournal, at moment: Int64) {
        for place in 1..<boundaries.count { boundaries[place] = sweep.boundaries[place] &+ moment }
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
        // The first column is looked at with the rest of a record where its bit stands in the head.
        let lead = routes.amounts.first.flatMap { Layout.headBit($0.slot) == 0 ? nil : $0 }
        let slotBit = lead.map { Layout.headBit($0.slot) } ?? 0
        let bits = pass.takeRecords(records, count, slotBit: slotBit, starts)
        pass.endEvents { records.time(starts[$0]) }
        for (slot, table) in routes.amounts {
            let column = records.column(slot)
            if slot == lead?.slot {
                pass.endAmounts(table, bits) { column.units(starts[$0]) }
            } else {
                pass.addAmounts(table) { column.units(starts[$0]) }
            }
        }
        if routes.hasDays {
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

    /// Whether the user belongs to the population at a moment.
    func isInPopulation(_ moment: Int) -> Bool {
        let (notes, end) = (notes, spanStarts[moment])
        guard notes.count(plan.hasDoneTrack, 0, end) > 0 else { return false }
        if let track = plan.hasNotDoneTrack, notes.count(track, 0, end) > 0 { return false }
        guard plan.population.activeWithin != nil else { return true }
        return notes.count(plan.activityTrack, sweep.activeStarts[moment], end) > 0
    }

    /// Whether an event of the label's lies between a moment and its horizon.
    func hasLabelEvent(_ moment: Int, track: Int) -> Bool {
        notes.count(track, spanStarts[moment], sweep.labelEnds[moment]) > 0
    }

    /// Writes all swept features at the only moment of the plan to their places.
    func write(now: Int64, into numbers: inout [Double]) {
        for span in 0..<sweep.spans { spanNotes[span] = noteStarts[spanStarts[span]] }
        let (notes, starts, swept) = (notes, spanNotes.view, swept.view)
        let end = starts[0]
        var target = numbers.mutableSpan
        for (formula, places) in groups {
            formula.withConstant { formula in
                for place in places {
                    let feature = swept[place]
                    target[feature.feature] = notes.value(
                        feature, formula, starts[feature.span], otherStart: starts[feature.otherSpan], end,
                        now: now)
                }
            }
        }
    }

    /// Writes all swept features at some of the moments, one after the other.
    ///
    /// - Parameters:
    ///   - target: the numbers, feature after feature.
    ///   - stride: how far apart those of two features stand.
    ///   - row: where the moments of a feature begin.
    func write(
        at present: [Int], _ moments: [Int64], to target: NumberView<Double>, stride: Int, from row: Int
    ) {
        let (notesOfSpans, times) = (spanNotes.view, presentTimes.view)
        for index in present.indices { times[index] = moments[present[index]] }
        for span in 0..<sweep.spans {
            let (first, begin) = (span &* moments.count, span &* present.count)
            for index in present.indices {
                notesOfSpans[begin &+ index] = noteStarts[spanStarts[first &+ present[index]]]
            }
        }
        let values = SweptValues(
            notes: notes, swept: swept.view, notesOfSpans: notesOfSpans, times: times, count: present.count,
            target: target, stride: stride, row: row)
        for (formula, places) in groups { values.write(formula, places) }
    }
}
