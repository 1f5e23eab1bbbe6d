import LimpetEvents

/// One pass over a user's events in the order of time, which writes the notes at the boundaries.
///
/// Each event is counted in the note of its own stretch, the events between two boundaries, and the notes are summed up at
/// the end. So no loop over events is nested, and none asks what only few events need: they run as straight as memory
/// allows. Whoever makes it holds the tables that it looks at.
struct SweepPass {
    let layout: NoteLayout
    let rows: NumberView<Int64>
    private let noteStarts: NumberView<Int>
    private let boundaries: NumberView<Int64>
    let routes: SweepRouteTables
    let events: SweptEvents.Views
    /// From a count of a note to the last time of the same track.
    let fromCountToTime: Int
    let width: Int

    /// How many events came before the last boundary.
    private(set) var count = 0
    /// Where the note of the stretch at hand begins; the first one stands before all events.
    private(set) var noteStart = 0
    /// The number of the stretch at hand, from 1; 0 before the first.
    private var stretch = 0
    /// The boundary that comes next.
    private var boundary = 0
    /// Its time; no event is behind the last one's.
    private(set) var boundaryTime = Int64.min
    /// Whether sums might leave 64 bits.
    private var isTooWide = false
    /// Whether days went back.
    private var wentBack = false

    /// Whether days went back, or sums might leave 64 bits: then only keeping all events says what is right.
    var needsAllEvents: Bool { isTooWide || wentBack }

    private static let noTime = Int64.min

    init(
        _ notes: SweepNotes, boundaries: NumberView<Int64>, routes: SweepRouteTables,
        events: SweptEvents.Views
    ) {
        layout = notes.layout
        rows = notes.rows
        noteStarts = notes.noteStarts
        fromCountToTime = layout.lastTime(0) - layout.count(0)
        width = layout.width
        self.boundaries = boundaries
        self.routes = routes
        self.events = events
        clear(0)
    }

    private func clear(_ note: Int) {
        rows.part(note, layout.levels.upperBound).fill(0)
        rows.part(note + layout.latest.lowerBound, layout.latest.count).fill(Self.noTime)
    }

    // MARK: Events

    /// Takes an event; false when it lies behind all boundaries.
    @inline(__always)
    mutating func add(_ time: Int64, _ code: Int) -> Bool {
        if time >= boundaryTime { guard pass(time) else { return false } }
        events.places[count] = SweptEvents.Place(note: noteStart, code: code)
        let place = noteStart &+ routes.times.first[code]
        rows[place] &+= 1
        rows[place &+ fromCountToTime] = time
        count &+= 1
        return true
    }

    /// Says how many events were taken, by a loop that counts them itself.
    mutating func came(_ count: Int) { self.count = count }

    /// Goes on to the stretch of the next event, where so many came before; false when it lies behind all boundaries.
    mutating func reach(_ time: Int64, after count: Int) -> Bool {
        came(count)
        return time < boundaryTime || pass(time)
    }

    /// Passes all boundaries up to a time, and begins the stretch behind them; false when there is none.
    private mutating func pass(_ time: Int64) -> Bool {
        while boundary < boundaries.count, boundaries[boundary] <= time {
            noteStarts[boundary] = noteStart
            boundary += 1
        }
        guard boundary < boundaries.count else {
            boundaryTime = .min
            return false
        }
        boundaryTime = boundaries[boundary]
        stretch += 1
        noteStart += width
        clear(noteStart)
        events.firsts[stretch] = count
        return true
    }

    /// Ends the taking of events, and counts them where each goes to further tracks.
    mutating func endEvents(time: (Int) -> Int64) {
        while boundary < boundaries.count {
            noteStarts[boundary] = noteStart
            boundary += 1
        }
        events.firsts[stretch + 1] = count
        for track in routes.wholeTimes { fillWhole(track, time) }
        if routes.times.hasOthers {
            for index in 0..<count {
                let event = events.places[index]
                routes.times.forEachOther(event.code) { track in
                    let place = event.note &+ layout.count(track)
                    rows[place] &+= 1
                    // Events that have this track first were here before, later ones among them.
                    let last = place &+ fromCountToTime
                    rows[last] = max(rows[last], time(index))
                }
            }
        }
        if let firsts = routes.firsts { fillNext(firsts, layout.nextTime(0), time) }
    }

    /// A track of all events follows from where the stretches begin.
    private func fillWhole(_ track: Int, _ time: (Int) -> Int64) {
        guard stretch > 0 else { return }
        for number in 1...stretch {
            let (first, end) = (events.firsts[number], events.firsts[number + 1])
            let note = number &* width
            rows[note &+ layout.count(track)] = Int64(end &- first)
            rows[note &+ layout.lastTime(track)] = time(end &- 1)
            rows[note &- width &+ layout.nextTime(track)] = time(first)
        }
    }

    /// Notes what comes next in each track: what came last on the way back. Behind a track's last event stands nothing that
    /// is ever asked for.
    ///
    /// - Parameters:
    ///   - next: where what comes next stands in a note, for the first track.
    ///   - value: by event.
    private func fillNext(_ lists: RouteTable, _ next: Int, _ value: (Int) -> Int64) {
        for number in stride(from: stretch, to: 0, by: -1) {
            let later = number &* width &+ next
            let earlier = later &- width
            for track in lists.tracks { rows[earlier &+ track] = rows[later &+ track] }
            for index in stride(from: events.firsts[number + 1] - 1, through: events.firsts[number], by: -1) {
                lists.forEach(events.places[index].code) { rows[earlier &+ $0] = value(index) }
            }
        }
    }

    // MARK: Amounts

    /// Counts the amounts of a column.
    ///
    /// - Parameter units: by event; ``NumberColumn/missing`` for none.
    mutating func addAmounts(_ column: RouteTable, units: (Int) -> Int64) {
        var bits: Int64 = 0
        for index in 0..<count {
            let event = events.places[index]
            bits |= addFirst(units(index), event.note, event.code, column)
        }
        endAmounts(column, bits, units: units)
    }

    /// Counts a column's amounts where each goes to further tracks.
    ///
    /// - Parameter bits: those of all amounts.
    mutating func endAmounts(_ column: RouteTable, _ bits: Int64, units: (Int) -> Int64) {
        if column.hasOthers {
            for index in 0..<count {
                let event = events.places[index]
                column.forEachOther(event.code) { _ = add(units(index), event.note, $0, counts: 1) }
            }
        }
        // So many amounts, each of so many bits, fit.
        let sumBits = (64 - bits.leadingZeroBitCount) + (64 - count.leadingZeroBitCount)
        if sumBits >= 63 { isTooWide = true }
    }

    /// Adds an amount to the first track of an event's code.
    @inline(__always)
    private func addFirst(_ units: Int64, _ note: Int, _ code: Int, _ column: RouteTable) -> Int64 {
        let track = column.first[code]
        return add(units, note, track, counts: track == layout.amounts ? 0 : 1)
    }

    /// Adds an amount, and gives the bits of its magnitude. Without branches: whether an event carries an amount is
    /// anybody's guess.
    @inline(__always)
    private func add(_ units: Int64, _ note: Int, _ track: Int, counts: Int64) -> Int64 {
        let carriers = units == NumberColumn.missing ? 0 : counts
        let amount = carriers == 0 ? 0 : units
        rows[note &+ layout.sum(track)] &+= amount
        rows[note &+ layout.carriers(track)] &+= carriers
        return amount ^ (amount >> 63)
    }

    // MARK: Days

    /// Counts the civil days of the events.
    mutating func addDays() {
        for track in routes.wholeDays { addWholeDays(track) }
        if let lists = routes.days { addDays(lists) }
    }

    private mutating func addWholeDays(_ track: Int) {
        var (previous, begun, goesBack) = (Self.noTime, Int64(0), Int64(0))
        for number in stride(from: 1, through: stretch, by: 1) {
            let first = events.firsts[number]
            let days = events.days.part(first, events.firsts[number + 1] &- first)
            let note = number &* width
            rows[note &- width &+ layout.nextDay(track)] = days[0]
            for index in 0..<days.count {
                let day = days[index]
                begun &+= day == previous ? 0 : 1
                goesBack |= day < previous ? 1 : 0
                previous = day
            }
            rows[note &+ layout.dayEvents(track)] = Int64(days.count)
            rows[note &+ layout.daysBegun(track)] = begun
            rows[note &+ layout.lastDay(track)] = previous
        }
        if goesBack != 0 { wentBack = true }
    }

    private mutating func addDays(_ lists: RouteTable) {
        events.lastDays.fill(Self.noTime)
        events.daysBegun.fill(0)
        for index in 0..<count {
            let (day, event) = (events.days[index], events.places[index])
            lists.forEach(event.code) { track in
                let last = events.lastDays[track]
                let begun = events.daysBegun[track] &+ (last == day ? 0 : 1)
                rows[event.note &+ layout.dayEvents(track)] &+= 1
                rows[event.note &+ layout.daysBegun(track)] = begun
                rows[event.note &+ layout.lastDay(track)] = day
                if day < last { wentBack = true }
                (events.lastDays[track], events.daysBegun[track]) = (day, begun)
            }
        }
        fillNext(lists, layout.nextDay(0)) { events.days[$0] }
    }

    // MARK: Sums

    /// Sums the notes up: from what came in each stretch to what came so far.
    func sumUp() {
        let growing = layout.levels.lowerBound..<layout.latest.upperBound
        for number in stride(from: 1, through: stretch, by: 1) {
            let note = number &* width
            let earlier = note &- width
            rows.add(earlier, to: note, layout.sums.count)
            rows.raise(earlier &+ growing.lowerBound, to: note &+ growing.lowerBound, growing.count)
        }
    }
}
