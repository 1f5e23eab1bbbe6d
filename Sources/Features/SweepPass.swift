import LimpetEvents

/// One pass over a user's events in the order of time, which writes the notes at the boundaries.
///
/// It is a value of views and numbers, so that a loop over events holds in registers where everything lies; whoever makes
/// it holds the tables.
struct SweepPass {
    private let notes: SweepNotes
    private let boundaries: NumberView<Int64>
    /// What came so far.
    private let row: NumberView<Int64>
    /// The first boundary whose next event has not come yet, by track.
    private let open: NumberView<Int>
    private let openDay: NumberView<Int>
    private let routes: Routes

    /// The boundary that comes next.
    private var boundary = 0
    /// Its time; no event is behind the last one's.
    private var nextTime: Int64
    /// How many tracks had no event since the last boundary, of those that are asked for its time or its day.
    private var openTracks = 0
    private var openDayTracks = 0
    /// Whether sums left 64 bits.
    private var isTooWide = false
    /// Not 0 where days went back.
    private var wentBack = 0

    /// Whether days went back, or sums left 64 bits: then only keeping all events says what is right.
    var needsAllEvents: Bool { isTooWide || wentBack != 0 }

    /// For each event code, where its events are counted.
    struct Routes {
        /// Where the lists of a code begin in ``tracks``: its time tracks, those of them of which a feature asks when
        /// the first event of a window was, its amount tracks and its day tracks; behind them begin the next code's.
        let starts: NumberView<Int>
        /// Tracks, one list after the other.
        let tracks: NumberView<Int>
        /// The amount column of each amount track.
        let amountSlots: NumberView<Int>
        /// How many time tracks are asked for the first event of a window.
        let firstTracks: Int
        /// How many day tracks there are.
        let dayTracks: Int

        enum List: Int { case times, firsts, amounts, days }

        @inline(__always)
        func start(_ list: List, _ code: Int) -> Int { starts[4 &* code &+ list.rawValue] }

        @inline(__always)
        func end(_ list: List, _ code: Int) -> Int { starts[4 &* code &+ list.rawValue &+ 1] }
    }

    private static let noDay = Int64.min
    private static let dayLength: Int64 = 86_400_000

    /// Begins a pass.
    ///
    /// - Parameters:
    ///   - row: room for one note.
    ///   - open: room for a number by time track.
    ///   - openDay: room for a number by day track.
    init(
        _ notes: SweepNotes, boundaries: NumberView<Int64>, routes: Routes, row: NumberView<Int64>,
        open: NumberView<Int>, openDay: NumberView<Int>
    ) {
        self.notes = notes
        self.boundaries = boundaries
        self.routes = routes
        self.row = row
        self.open = open
        self.openDay = openDay
        nextTime = boundaries[0]
        row.fill(0)
        open.fill(0)
        openDay.fill(0)
        for track in 0..<notes.layout.days { row[notes.layout.dayEvents(track) + 2] = Self.noDay }
    }

    /// Notes what came before all boundaries up to a time; whether there are any after it.
    @inline(__always)
    mutating func reach(_ time: Int64) -> Bool {
        if time < nextTime { return true }
        return noteBoundaries(through: time)
    }

    private mutating func noteBoundaries(through time: Int64) -> Bool {
        while boundary < boundaries.count, boundaries[boundary] <= time {
            notes.rows.copy(row, at: boundary * notes.layout.width)
            boundary += 1
            (openTracks, openDayTracks) = (routes.firstTracks, routes.dayTracks)
        }
        guard boundary < boundaries.count else { return false }
        nextTime = boundaries[boundary]
        return true
    }

    /// Notes what came before the boundaries that are left.
    mutating func finish() { _ = noteBoundaries(through: .max) }

    /// Takes an event.
    @inline(__always)
    mutating func addTimes(_ code: Int, _ time: Int64) {
        var place = routes.start(.times, code)
        let end = routes.end(.times, code)
        while place < end {
            let count = notes.layout.count(routes.tracks[place])
            row[count] &+= 1
            row[count &+ 1] = time
            place &+= 1
        }
        if openTracks > 0 { close(code, time) }
    }

    /// Notes an event as the next one after the boundaries that its tracks had none behind.
    private mutating func close(_ code: Int, _ time: Int64) {
        for place in routes.start(.firsts, code)..<routes.end(.firsts, code) {
            let track = routes.tracks[place]
            guard open[track] < boundary else { continue }
            for at in open[track]..<boundary { notes.nexts[at &* notes.layout.times &+ track] = time }
            open[track] = boundary
            openTracks -= 1
        }
    }

    /// Takes the amounts of an event.
    ///
    /// - Parameter units: the amount in a column; ``NumberColumn/missing`` for none.
    @inline(__always)
    mutating func addAmounts(_ code: Int, units: (Int) -> Int64) {
        var place = routes.start(.amounts, code)
        let end = routes.end(.amounts, code)
        while place < end {
            let track = routes.tracks[place]
            let units = units(routes.amountSlots[track])
            place &+= 1
            guard units != NumberColumn.missing else { continue }
            let sum = notes.layout.sum(track)
            let (total, overflow) = row[sum].addingReportingOverflow(units)
            row[sum] = total
            row[sum &+ 1] &+= 1
            if overflow { isTooWide = true }
        }
    }

    /// Takes the civil day of an event, where its tracks ask for it.
    ///
    /// - Parameter local: the time on the event's own clock.
    @inline(__always)
    mutating func addDays(_ code: Int, local: () -> Int64) {
        var place = routes.start(.days, code)
        let end = routes.end(.days, code)
        guard place < end else { return }
        let day = local().flooredQuotient(by: Self.dayLength)
        while place < end {
            let track = routes.tracks[place]
            let events = notes.layout.dayEvents(track)
            row[events] &+= 1
            let last = row[events &+ 2]
            // Without branches: whether a day is a new one is anybody's guess, and wrong guesses cost most here.
            row[events &+ 1] &+= last == day ? 0 : 1
            row[events &+ 2] = day
            wentBack |= day < last ? 1 : 0
            if openDayTracks > 0 { closeDay(track, day) }
            place &+= 1
        }
    }

    private mutating func closeDay(_ track: Int, _ day: Int64) {
        guard openDay[track] < boundary else { return }
        for at in openDay[track]..<boundary { notes.nextDays[at &* notes.layout.days &+ track] = day }
        openDay[track] = boundary
        openDayTracks -= 1
    }
}
