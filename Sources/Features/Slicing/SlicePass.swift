import LimpetEvents

/// One slicing pass over a user's events in the order of time, which computes the aggregates at the
/// boundaries.
///
/// Each event is counted in the aggregate row of its own slice, the events between two boundaries, and the
/// rows are summed up at the end. So no loop over events is nested or tests for rare cases, and they run as
/// fast as memory allows. The caller keeps the tables alive that the pass reads.
struct SlicePass {
    let layout: AggregateLayout
    let rows: NumberView<Int64>
    private let aggregateStarts: NumberView<Int>
    private let boundaries: NumberView<Int64>
    let dispatches: DispatchTable
    let events: SliceEvents.Views
    /// The distance in a row from a series's count to its last time.
    let fromCountToTime: Int
    let width: Int

    /// The number of events before the last boundary.
    private(set) var count = 0
    /// The start of the current slice's aggregate row; the first row stands for "before all events".
    private(set) var aggregateStart = 0
    /// The index of the current slice, from 1; 0 before the first.
    private var slice = 0
    /// The index of the next boundary.
    private var boundary = 0
    /// The time of the next boundary; after the last one, the smallest time.
    private(set) var boundaryTime = Int64.min
    /// True when sums might overflow 64 bits.
    private var isTooWide = false
    /// True when civil days went back.
    private var wentBack = false

    /// True when civil days went back or sums might overflow 64 bits: features must then be computed from all
    /// events.
    var needsAllEvents: Bool { isTooWide || wentBack }

    private static let noTime = Int64.min

    init(
        _ aggregates: PrefixAggregates, boundaries: NumberView<Int64>, dispatches: DispatchTable,
        events: SliceEvents.Views
    ) {
        layout = aggregates.layout
        rows = aggregates.rows
        aggregateStarts = aggregates.aggregateStarts
        fromCountToTime = layout.lastTime(0) - layout.count(0)
        width = layout.width
        self.boundaries = boundaries
        self.dispatches = dispatches
        self.events = events
        clear(0)
    }

    private func clear(_ aggregate: Int) {
        rows.part(aggregate, layout.levels.upperBound).fill(0)
        rows.part(aggregate + layout.latest.lowerBound, layout.latest.count).fill(Self.noTime)
    }

    // MARK: Events

    /// Adds an event; returns false when it lies after all boundaries.
    @inline(__always)
    mutating func add(_ time: Int64, _ code: Int) -> Bool {
        if time >= boundaryTime { guard pass(time) else { return false } }
        events.places[count] = SliceEvents.Place(aggregate: aggregateStart, code: code)
        let place = aggregateStart &+ dispatches.times.first[code]
        rows[place] &+= 1
        rows[place &+ fromCountToTime] = time
        count &+= 1
        return true
    }

    /// Sets the number of events added, for a loop that counts them itself.
    mutating func came(_ count: Int) { self.count = count }

    /// Advances to the slice of the next event, with `count` events before it; returns false after all
    /// boundaries.
    mutating func reach(_ time: Int64, after count: Int) -> Bool {
        came(count)
        return time < boundaryTime || pass(time)
    }

    /// Passes all boundaries up to a time and begins the slice after them; returns false when there is none.
    private mutating func pass(_ time: Int64) -> Bool {
        while boundary < boundaries.count, boundaries[boundary] <= time {
            aggregateStarts[boundary] = aggregateStart
            boundary += 1
        }
        guard boundary < boundaries.count else {
            boundaryTime = .min
            return false
        }
        boundaryTime = boundaries[boundary]
        slice += 1
        aggregateStart += width
        clear(aggregateStart)
        events.firsts[slice] = count
        return true
    }

    /// Ends the adding of events, and counts those that go to further series.
    mutating func endEvents(time: (Int) -> Int64) {
        while boundary < boundaries.count {
            aggregateStarts[boundary] = aggregateStart
            boundary += 1
        }
        events.firsts[slice + 1] = count
        for series in dispatches.wholeTimes { fillWhole(series, time) }
        if dispatches.times.hasOthers {
            for index in 0..<count {
                let event = events.places[index]
                dispatches.times.forEachOther(event.code) { series in
                    let place = event.aggregate &+ layout.count(series)
                    rows[place] &+= 1
                    // The first loop wrote events that have this series first, among them later ones.
                    let last = place &+ fromCountToTime
                    rows[last] = max(rows[last], time(index))
                }
            }
        }
        if let firsts = dispatches.firsts { fillNext(firsts, layout.nextTime(0), time) }
    }

    /// Fills a series of all events from the bounds of the slices.
    private func fillWhole(_ series: Int, _ time: (Int) -> Int64) {
        guard slice > 0 else { return }
        for number in 1...slice {
            let (first, end) = (events.firsts[number], events.firsts[number + 1])
            let aggregate = number &* width
            rows[aggregate &+ layout.count(series)] = Int64(end &- first)
            rows[aggregate &+ layout.lastTime(series)] = time(end &- 1)
            rows[aggregate &- width &+ layout.nextTime(series)] = time(first)
        }
    }

    /// Fills in the next event of each series after each boundary: the last one met while going back in time.
    /// After a series's last event the value is undefined and never read.
    ///
    /// - Parameters:
    ///   - next: the position of the next event's value in a row, for the first series.
    ///   - value: returns the value of an event.
    private func fillNext(_ lists: DispatchColumn, _ next: Int, _ value: (Int) -> Int64) {
        for number in stride(from: slice, to: 0, by: -1) {
            let later = number &* width &+ next
            let earlier = later &- width
            for series in lists.allSeries { rows[earlier &+ series] = rows[later &+ series] }
            for index in stride(from: events.firsts[number + 1] - 1, through: events.firsts[number], by: -1) {
                lists.forEach(events.places[index].code) { rows[earlier &+ $0] = value(index) }
            }
        }
    }

    // MARK: Amounts

    /// Counts the amounts of a column.
    ///
    /// - Parameter units: returns the amount of an event; `NumberColumn.missing` for none.
    mutating func addAmounts(_ column: DispatchColumn, units: (Int) -> Int64) {
        var bits: Int64 = 0
        for index in 0..<count {
            let event = events.places[index]
            bits |= addFirst(units(index), event.aggregate, event.code, column)
        }
        endAmounts(column, bits, units: units)
    }

    /// Counts a column's amounts for events that go to further series, and checks that the sums fit.
    ///
    /// - Parameter bits: the bitwise or of all amounts.
    mutating func endAmounts(_ column: DispatchColumn, _ bits: Int64, units: (Int) -> Int64) {
        if column.hasOthers {
            for index in 0..<count {
                let event = events.places[index]
                column.forEachOther(event.code) { _ = add(units(index), event.aggregate, $0, counts: 1) }
            }
        }
        // The sum of `count` amounts needs at most the bits of the count and of the largest amount.
        let sumBits = (64 - bits.leadingZeroBitCount) + (64 - count.leadingZeroBitCount)
        if sumBits >= 63 { isTooWide = true }
    }

    /// Adds an amount to the first series of an event's code, and returns the bits of its magnitude.
    @inline(__always)
    private func addFirst(_ units: Int64, _ aggregate: Int, _ code: Int, _ column: DispatchColumn) -> Int64 {
        let series = column.first[code]
        return add(units, aggregate, series, counts: series == layout.amounts ? 0 : 1)
    }

    /// Adds an amount, and returns the bits of its magnitude. Branch-free, since branches on the presence of
    /// an amount would be mispredicted.
    @inline(__always)
    private func add(_ units: Int64, _ aggregate: Int, _ series: Int, counts: Int64) -> Int64 {
        let carriers = units == NumberColumn.missing ? 0 : counts
        let amount = carriers == 0 ? 0 : units
        rows[aggregate &+ layout.sum(series)] &+= amount
        rows[aggregate &+ layout.carriers(series)] &+= carriers
        return amount ^ (amount >> 63)
    }

    // MARK: Days

    /// Counts the civil days of the events.
    mutating func addDays() {
        for series in dispatches.wholeDays { addWholeDays(series) }
        if let lists = dispatches.days { addDays(lists) }
    }

    private mutating func addWholeDays(_ series: Int) {
        var (previous, begun, goesBack) = (Self.noTime, Int64(0), Int64(0))
        for number in stride(from: 1, through: slice, by: 1) {
            let first = events.firsts[number]
            let days = events.days.part(first, events.firsts[number + 1] &- first)
            let aggregate = number &* width
            rows[aggregate &- width &+ layout.nextDay(series)] = days[0]
            for index in 0..<days.count {
                let day = days[index]
                begun &+= day == previous ? 0 : 1
                goesBack |= day < previous ? 1 : 0
                previous = day
            }
            rows[aggregate &+ layout.dayEvents(series)] = Int64(days.count)
            rows[aggregate &+ layout.daysBegun(series)] = begun
            rows[aggregate &+ layout.lastDay(series)] = previous
        }
        if goesBack != 0 { wentBack = true }
    }

    private mutating func addDays(_ lists: DispatchColumn) {
        events.lastDays.fill(Self.noTime)
        events.daysBegun.fill(0)
        for index in 0..<count {
            let (day, event) = (events.days[index], events.places[index])
            lists.forEach(event.code) { series in
                let last = events.lastDays[series]
                let begun = events.daysBegun[series] &+ (last == day ? 0 : 1)
                rows[event.aggregate &+ layout.dayEvents(series)] &+= 1
                rows[event.aggregate &+ layout.daysBegun(series)] = begun
                rows[event.aggregate &+ layout.lastDay(series)] = day
                if day < last { wentBack = true }
                (events.lastDays[series], events.daysBegun[series]) = (day, begun)
            }
        }
        fillNext(lists, layout.nextDay(0)) { events.days[$0] }
    }

    // MARK: Sums

    /// Sums up the aggregate rows: from the events of each slice to those of all slices so far.
    func sumUp() {
        let growing = layout.levels.lowerBound..<layout.latest.upperBound
        for number in stride(from: 1, through: slice, by: 1) {
            let aggregate = number &* width
            let earlier = aggregate &- width
            rows.add(earlier, to: aggregate, layout.sums.count)
            rows.raise(earlier &+ growing.lowerBound, to: aggregate &+ growing.lowerBound, growing.count)
        }
    }
}
