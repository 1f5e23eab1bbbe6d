import LimpetEvents

/// The notes of one user's events at the boundaries of a plan; one worker's own, and made anew for each user.
///
/// A note is a row of whole numbers: what came so far, by track. One copy of the row at hand is made at each boundary.
final class UserSweep {
    private let plan: FeaturePlan
    private let sweep: SweepPlan
    private let layout: Layout
    private var clock: LocalClock

    /// What came so far.
    private let row: NumberTable<Int64>
    /// What came before each boundary, row after row.
    private let rows: NumberTable<Int64>
    /// The time of the first event at or after each boundary, by track.
    private let nexts: NumberTable<Int64>
    /// The day of the first event at or after each boundary, by track.
    private let nextDays: NumberTable<Int64>
    /// The first boundary whose next event has not come yet, by track.
    private let open: NumberTable<Int>
    private let openDay: NumberTable<Int>
    // The plan's lists, in memory of this sweep's own.
    private let boundaries: NumberTable<Int64>
    private let starts: NumberTable<Int>
    private let otherStarts: NumberTable<Int>
    private let ends: NumberTable<Int>
    private let timeRoutes: Routes
    private let firstRoutes: Routes
    private let amountRoutes: Routes
    private let dayRoutes: Routes
    private let amountSlots: NumberTable<Int>

    /// Whether days went back, or sums left 64 bits: then only keeping all events says what is right.
    private(set) var isBeyond = false

    /// Where the numbers of a note stand.
    private struct Layout {
        let times: Int
        let amounts: Int
        let days: Int

        var width: Int { 2 * times + 2 * amounts + 3 * days }
        func count(_ track: Int) -> Int { track }
        func last(_ track: Int) -> Int { times + track }
        func sum(_ track: Int) -> Int { 2 * times + track }
        func amountCount(_ track: Int) -> Int { 2 * times + amounts + track }
        func dayCount(_ track: Int) -> Int { 2 * times + 2 * amounts + track }
        func lastDay(_ track: Int) -> Int { 2 * times + 2 * amounts + days + track }
        func dayEvents(_ track: Int) -> Int { 2 * times + 2 * amounts + 2 * days + track }
    }

    /// Lists of tracks by event code.
    private struct Routes {
        private let starts: NumberTable<Int>
        private let tracks: NumberTable<Int>

        init(_ table: SweepPlan.RouteTable) {
            (starts, tracks) = (NumberTable(table.starts), NumberTable(table.tracks))
        }

        @inline(__always)
        func places(_ code: Int) -> Range<Int> { starts[code]..<starts[code + 1] }

        @inline(__always)
        subscript(place: Int) -> Int { tracks[place] }
    }

    private static let noDay = Int64.min

    init(_ plan: FeaturePlan, _ sweep: SweepPlan) {
        self.plan = plan
        self.sweep = sweep
        clock = LocalClock(plan.zone)
        layout = Layout(
            times: plan.timeFilters.count, amounts: plan.amountSources.count, days: plan.dayFilters.count)
        boundaries = NumberTable(sweep.boundaries)
        starts = NumberTable(sweep.starts)
        otherStarts = NumberTable(sweep.otherStarts)
        ends = NumberTable(sweep.ends)
        timeRoutes = Routes(sweep.timeTracks)
        firstRoutes = Routes(sweep.firstTracks)
        amountRoutes = Routes(sweep.amountTracks)
        dayRoutes = Routes(sweep.dayTracks)
        amountSlots = NumberTable(sweep.amountSlots)
        row = NumberTable(repeating: 0, count: layout.width)
        rows = NumberTable(repeating: 0, count: boundaries.count * layout.width)
        nexts = NumberTable(repeating: 0, count: boundaries.count * layout.times)
        nextDays = NumberTable(repeating: 0, count: boundaries.count * layout.days)
        open = NumberTable(repeating: 0, count: layout.times)
        openDay = NumberTable(repeating: 0, count: layout.days)
    }

    /// Notes a user's events.
    func run(_ reader: LogReader, user: Int) {
        clear()
        var boundary = 0
        let (times, events, offsets) = (reader.log.times, reader.log.events, reader.log.zoneOffsets)
        let amounts = reader.amountColumns
        // A local copy: a property that changes is guarded at each access.
        var clock = clock
        defer { self.clock = clock }
        var days = DayCounter()
        for place in reader.log.rows(ofUser: user) {
            let time = times[place]
            while boundary < boundaries.count, boundaries[boundary] <= time {
                note(boundary)
                boundary += 1
            }
            if boundary == boundaries.count { break }
            let code = Int(events[place])
            addTimes(code, time, boundary)
            if layout.amounts > 0 { addAmounts(code, place, amounts) }
            if layout.days > 0 { addDays(code, time, offsets?[place], boundary, &clock, &days) }
        }
        while boundary < boundaries.count {
            note(boundary)
            boundary += 1
        }
    }

    /// Notes the events of a live state, with the plan's boundaries counted from a moment.
    func run(_ journal: borrowing EventJournal, at moment: Int64) {
        clear()
        for place in 1..<boundaries.count { boundaries[place] = sweep.boundaries[place] &+ moment }
        var boundary = 0
        var clock = clock
        defer { self.clock = clock }
        var days = DayCounter()
        let end = boundaries.count
        journal.forEach { record in
            while boundary < end, boundaries[boundary] <= record.time {
                note(boundary)
                boundary += 1
            }
            if boundary == end { return false }
            addTimes(record.code, record.time, boundary)
            for index in amountRoutes.places(record.code) {
                let track = amountRoutes[index]
                if let value = journal.value(record, slot: amountSlots[track]) {
                    addAmount(track, Int64(bitPattern: value))
                }
            }
            if layout.days > 0 {
                let offset = record.zoneOffset.map { Int16($0) }
                addDays(record.code, record.time, offset, boundary, &clock, &days)
            }
            return true
        }
        while boundary < end {
            note(boundary)
            boundary += 1
        }
    }

    private func clear() {
        isBeyond = false
        row.fill(0)
        open.fill(0)
        openDay.fill(0)
        for track in 0..<layout.days { row[layout.lastDay(track)] = Self.noDay }
    }

    private func note(_ boundary: Int) { rows.copy(row, at: boundary * layout.width) }

    @inline(__always)
    private func addTimes(_ code: Int, _ time: Int64, _ boundary: Int) {
        for place in timeRoutes.places(code) {
            let track = timeRoutes[place]
            row[layout.count(track)] += 1
            row[layout.last(track)] = time
        }
        for place in firstRoutes.places(code) {
            let track = firstRoutes[place]
            if open[track] < boundary {
                for at in open[track]..<boundary { nexts[at * layout.times + track] = time }
                open[track] = boundary
            }
        }
    }

    private func addAmounts(_ code: Int, _ place: Int, _ columns: borrowing [[Int64]]) {
        for index in amountRoutes.places(code) {
            let track = amountRoutes[index]
            let units = columns[amountSlots[track]][place]
            if units != NumberColumn.missing { addAmount(track, units) }
        }
    }

    @inline(__always)
    private func addAmount(_ track: Int, _ units: Int64) {
        let (total, overflow) = row[layout.sum(track)].addingReportingOverflow(units)
        row[layout.sum(track)] = total
        row[layout.amountCount(track)] += 1
        if overflow { isBeyond = true }
    }

    @inline(__always)
    private func addDays(
        _ code: Int, _ time: Int64, _ zoneOffset: Int16?, _ boundary: Int, _ clock: inout LocalClock,
        _ days: inout DayCounter
    ) {
        let tracks = dayRoutes.places(code)
        guard !tracks.isEmpty else { return }
        let offset = zoneOffset ?? EventLog.noZoneOffset
        let local = offset == EventLog.noZoneOffset ? clock.local(time) : time + Int64(offset) * 60_000
        let day = days.day(ofLocal: local)
        for place in tracks {
            let track = dayRoutes[place]
            row[layout.dayEvents(track)] += 1
            let last = row[layout.lastDay(track)]
            if last != day {
                if day < last { isBeyond = true }
                row[layout.dayCount(track)] += 1
                row[layout.lastDay(track)] = day
            }
            if openDay[track] < boundary {
                for at in openDay[track]..<boundary { nextDays[at * layout.days + track] = day }
                openDay[track] = boundary
            }
        }
    }

    // MARK: Answers

    private func count(_ track: Int, _ start: Int, _ end: Int) -> Int {
        Int(rows[end * layout.width + layout.count(track)] - rows[start * layout.width + layout.count(track)])
    }

    /// Whether the user belongs to the population at a moment.
    func isInPopulation(_ moment: Int) -> Bool {
        let end = ends[moment]
        guard count(plan.hasDoneTrack, 0, end) > 0 else { return false }
        if let track = plan.hasNotDoneTrack, count(track, 0, end) > 0 { return false }
        guard plan.population.activeWithin != nil else { return true }
        return count(plan.activityTrack, sweep.activeStarts[moment], end) > 0
    }

    /// Whether an event of the label's lies between a moment and its horizon.
    func hasLabelEvent(_ moment: Int, track: Int) -> Bool {
        count(track, ends[moment], sweep.labelEnds[moment]) > 0
    }

    /// Writes all swept features at the only moment of the plan to their places.
    func write(now: Int64, into numbers: inout [Double]) {
        let swept = sweep.swept
        for place in swept.indices {
            numbers[swept[place].feature] = value(swept[place], place: place, 0, now: now)
        }
    }

    /// Writes a swept feature at some of the moments, one after the other.
    func write(
        _ place: Int, at present: [Int], _ moments: [Int64], to target: NumberTable<Double>, from first: Int
    ) {
        let swept = sweep.swept[place]
        let start = place * moments.count
        for (index, moment) in present.enumerated() {
            target[first + index] = value(swept, place: start, moment, now: moments[moment])
        }
    }

    /// A swept feature at a moment; NaN where it is missing.
    ///
    /// - Parameter place: the place of the feature's first boundary in the plan's table of starts.
    @inline(__always)
    private func value(_ swept: SweepPlan.Swept, place: Int, _ moment: Int, now: Int64) -> Double {
        let (start, end, track) = (starts[place + moment], ends[moment], swept.track)
        switch swept.formula {
        case .count: return Double(count(track, start, end))
        case .change:
            return Double(2 * count(track, start, end) - count(track, otherStarts[place + moment], end))
        case .difference: return Double(count(track, start, end) - count(swept.otherTrack, start, end))
        case .share:
            return FeatureEvaluator.share(
                count(track, start, end), of: count(swept.otherTrack, otherStarts[place + moment], end))
        case .sum, .mean: return amount(swept, start, end)
        case .activeDays: return Double(distinctDays(track, start, end))
        case .recency, .tenure, .meanGap, .overdue: return spacing(swept.formula, track, start, end, now)
        }
    }

    private func amount(_ swept: SweepPlan.Swept, _ start: Int, _ end: Int) -> Double {
        let (first, last) = (start * layout.width, end * layout.width)
        let (sum, count) = (layout.sum(swept.track), layout.amountCount(swept.track))
        let (difference, overflow) = rows[last + sum].subtractingReportingOverflow(rows[first + sum])
        // The difference of two sums of 64 bits may have 65.
        let total =
            overflow ? Double(Int128(rows[last + sum]) - Int128(rows[first + sum])) : Double(difference)
        if swept.formula == .sum { return total / swept.unitsPerOne }
        let carriers = rows[last + count] - rows[first + count]
        return carriers > 0 ? total / (Double(carriers) * swept.unitsPerOne) : .nan
    }

    /// The days that began in the window, and the one within which it begins, where that has an event in it.
    private func distinctDays(_ track: Int, _ start: Int, _ end: Int) -> Int {
        let (first, last) = (start * layout.width, end * layout.width)
        let (events, days) = (layout.dayEvents(track), layout.dayCount(track))
        guard rows[last + events] > rows[first + events] else { return 0 }
        let isWithin = nextDays[start * layout.days + track] == rows[first + layout.lastDay(track)]
        return Int(rows[last + days] - rows[first + days]) + (isWithin ? 1 : 0)
    }

    private func spacing(
        _ formula: SweepPlan.Swept.Formula, _ track: Int, _ start: Int, _ end: Int, _ now: Int64
    ) -> Double {
        let events = count(track, start, end)
        guard events > 0 else { return .nan }
        let last = rows[end * layout.width + layout.last(track)]
        if formula == .recency { return Double(now - last) / FeatureEvaluator.millisecondsPerDay }
        let first = nexts[start * layout.times + track]
        if formula == .tenure { return Double(now - first) / FeatureEvaluator.millisecondsPerDay }
        let gaps = events - 1
        guard gaps > 0 else { return .nan }
        if formula == .meanGap {
            return Double(last - first) / (Double(gaps) * FeatureEvaluator.millisecondsPerDay)
        }
        guard last > first else { return .nan }
        return Double(wide: Int128(now - last) * Int128(gaps)) / Double(last - first)
    }
}

/// The civil day of one time after the other: most lie in the day of the one before, which saves a division.
private struct DayCounter {
    private var start: Int64 = 0
    private var number: Int64 = 0

    private static let length: Int64 = 86_400_000

    /// The day of a time on a clock, counted from 1970-01-01.
    @inline(__always)
    mutating func day(ofLocal local: Int64) -> Int64 {
        if local < start || local >= start + Self.length {
            number = local.flooredQuotient(by: Self.length)
            start = number * Self.length
        }
        return number
    }
}
