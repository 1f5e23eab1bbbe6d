import LimpetEvents

/// The notes of one user's events at the boundaries of a plan; one worker's own, and made anew for each user.
final class UserSweep {
    private let plan: FeaturePlan
    private let sweep: SweepPlan
    private var clock: LocalClock
    private let rows: NumberTable<Int64>
    private let nexts: NumberTable<Int64>
    private let nextDays: NumberTable<Int64>
    private let row: NumberTable<Int64>
    private let open: NumberTable<Int>
    private let openDay: NumberTable<Int>
    // The plan's lists, in memory of this sweep's own.
    private let boundaries: NumberTable<Int64>
    private let starts: NumberTable<Int>
    private let otherStarts: NumberTable<Int>
    private let ends: NumberTable<Int>
    private let routeStarts: NumberTable<Int>
    private let routeTracks: NumberTable<Int>
    private let amountSlots: NumberTable<Int>
    private let layout: SweepNotes.Layout

    /// Whether days went back, or sums left 64 bits: then only keeping all events says what is right.
    private(set) var needsAllEvents = false

    init(_ plan: FeaturePlan, _ sweep: SweepPlan) {
        self.plan = plan
        self.sweep = sweep
        clock = LocalClock(plan.zone)
        layout = SweepNotes.Layout(plan)
        boundaries = NumberTable(sweep.boundaries)
        starts = NumberTable(sweep.starts)
        otherStarts = NumberTable(sweep.otherStarts)
        ends = NumberTable(sweep.ends)
        routeStarts = NumberTable(sweep.routeStarts)
        routeTracks = NumberTable(sweep.routeTracks)
        amountSlots = NumberTable(sweep.amountSlots)
        row = NumberTable(repeating: 0, count: layout.width)
        rows = NumberTable(repeating: 0, count: boundaries.count * layout.width)
        nexts = NumberTable(repeating: 0, count: boundaries.count * layout.times)
        nextDays = NumberTable(repeating: 0, count: boundaries.count * layout.days)
        open = NumberTable(repeating: 0, count: layout.times)
        openDay = NumberTable(repeating: 0, count: layout.days)
    }

    private var notes: SweepNotes {
        SweepNotes(layout: layout, rows: rows.view, nexts: nexts.view, nextDays: nextDays.view)
    }

    private func pass() -> SweepPass {
        let routes = SweepPass.Routes(
            starts: routeStarts.view, tracks: routeTracks.view, amountSlots: amountSlots.view,
            firstTracks: sweep.firstTracks, dayTracks: sweep.dayTracks)
        return SweepPass(
            notes, boundaries: boundaries.view, routes: routes, row: row.view, open: open.view,
            openDay: openDay.view)
    }

    /// Notes a user's events.
    func run(_ reader: LogReader, user: Int) {
        let (times, events, offsets) = (reader.log.times, reader.log.events, reader.log.zoneOffsets)
        let amounts = reader.amountColumns
        // Local copies: a property that changes is guarded at each access.
        var (pass, clock) = (pass(), clock)
        for place in reader.log.rows(ofUser: user) {
            let time = times[place]
            guard pass.reach(time) else { break }
            let code = Int(events[place])
            pass.addTimes(code, time)
            pass.addAmounts(code) { amounts[$0][place] }
            pass.addDays(code) {
                guard let offset = offsets?[place], offset != EventLog.noZoneOffset else {
                    return clock.local(time)
                }
                return time + Int64(offset) * 60_000
            }
        }
        pass.finish()
        self.clock = clock
        needsAllEvents = pass.needsAllEvents
    }

    /// Notes the events of a live state, with the plan's boundaries counted from a moment.
    func run(_ journal: borrowing EventJournal, at moment: Int64) {
        for place in 1..<boundaries.count { boundaries[place] = sweep.boundaries[place] &+ moment }
        var (pass, clock) = (pass(), clock)
        journal.forEach { record in
            guard pass.reach(record.time) else { return false }
            pass.addTimes(record.code, record.time)
            pass.addAmounts(record.code) { slot in
                journal.value(record, slot: slot).map { Int64(bitPattern: $0) } ?? NumberColumn.missing
            }
            pass.addDays(record.code) {
                record.zoneOffset.map { record.time + Int64($0) * 60_000 } ?? clock.local(record.time)
            }
            return true
        }
        pass.finish()
        self.clock = clock
        needsAllEvents = pass.needsAllEvents
    }

    // MARK: Answers

    /// Whether the user belongs to the population at a moment.
    func isInPopulation(_ moment: Int) -> Bool {
        let (notes, end) = (notes, ends[moment])
        guard notes.count(plan.hasDoneTrack, 0, end) > 0 else { return false }
        if let track = plan.hasNotDoneTrack, notes.count(track, 0, end) > 0 { return false }
        guard plan.population.activeWithin != nil else { return true }
        return notes.count(plan.activityTrack, sweep.activeStarts[moment], end) > 0
    }

    /// Whether an event of the label's lies between a moment and its horizon.
    func hasLabelEvent(_ moment: Int, track: Int) -> Bool {
        notes.count(track, ends[moment], sweep.labelEnds[moment]) > 0
    }

    /// Writes all swept features at the only moment of the plan to their places.
    func write(now: Int64, into numbers: inout [Double]) {
        let (swept, notes, end) = (sweep.swept, notes, ends[0])
        let (starts, otherStarts) = (starts.view, otherStarts.view)
        for place in swept.indices {
            numbers[swept[place].feature] = notes.value(
                swept[place], starts[place], otherStart: otherStarts[place], end, now: now)
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
        let (swept, notes, ends) = (sweep.swept, notes, ends.view)
        let (starts, otherStarts) = (starts.view, otherStarts.view)
        for place in swept.indices {
            let feature = swept[place]
            let (first, column) = (place &* moments.count, feature.feature &* stride &+ row)
            if feature.formula == .count {
                // Most features are counts.
                for index in present.indices {
                    let moment = present[index]
                    let count = notes.count(feature.track, starts[first &+ moment], ends[moment])
                    target[column &+ index] = Double(count)
                }
                continue
            }
            for index in present.indices {
                let moment = present[index]
                target[column &+ index] = notes.value(
                    feature, starts[first &+ moment], otherStart: otherStarts[first &+ moment],
                    ends[moment], now: moments[moment])
            }
        }
    }
}
