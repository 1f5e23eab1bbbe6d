/// The places of numbers in a note.
///
/// What adds up from stretch to stretch stands first, then what only grows, then what comes next. Every list has a
/// place more than there are tracks: what an event has no track for goes there, so that a loop over events need not ask.
struct NoteLayout {
    /// How many time tracks there are.
    let times: Int
    /// How many amount tracks there are.
    let amounts: Int
    /// How many day tracks there are.
    let days: Int

    init(times: Int, amounts: Int, days: Int) {
        (self.times, self.amounts, self.days) = (times, amounts, days)
    }

    /// The number of a track's events.
    @inline(__always)
    func count(_ track: Int) -> Int { track }
    /// How many events carried an amount.
    @inline(__always)
    func carriers(_ track: Int) -> Int { times &+ 1 &+ track }
    /// The sum of the amounts.
    @inline(__always)
    func sum(_ track: Int) -> Int { times &+ amounts &+ 2 &+ track }
    /// The number of a day track's events.
    @inline(__always)
    func dayEvents(_ track: Int) -> Int { times &+ 2 &* amounts &+ 3 &+ track }
    /// How many days began with an event.
    @inline(__always)
    func daysBegun(_ track: Int) -> Int { sums.upperBound &+ track }
    /// The time of the last event.
    @inline(__always)
    func lastTime(_ track: Int) -> Int { levels.upperBound &+ track }
    /// The day of the last event.
    @inline(__always)
    func lastDay(_ track: Int) -> Int { levels.upperBound &+ times &+ 1 &+ track }
    /// The time of the first event after the note.
    @inline(__always)
    func nextTime(_ track: Int) -> Int { latest.upperBound &+ track }
    /// The day of the first event after the note.
    @inline(__always)
    func nextDay(_ track: Int) -> Int { latest.upperBound &+ times &+ 1 &+ track }

    /// The places of what adds up from stretch to stretch.
    var sums: Range<Int> {
        @inline(__always) get { 0..<(times &+ 2 &* amounts &+ days &+ 4) }
    }
    /// The places of what grows from 0, noted as it stands.
    var levels: Range<Int> {
        @inline(__always) get { sums.upperBound..<(sums.upperBound &+ days &+ 1) }
    }
    /// The places of last times and days.
    var latest: Range<Int> {
        @inline(__always) get { levels.upperBound..<(levels.upperBound &+ times &+ days &+ 2) }
    }
    /// How many numbers a note has.
    var width: Int {
        @inline(__always) get { latest.upperBound &+ times &+ days &+ 2 }
    }
}
