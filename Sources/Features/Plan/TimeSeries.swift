import LimpetEvents

/// The ascending times of the events of one filter. A window is a range of indices.
struct TimeSeries: Sendable {
    private(set) var times: [Int64] = []

    mutating func append(_ time: Int64) { times.append(time) }
    mutating func removeAll() { times.removeAll(keepingCapacity: true) }

    /// Returns the indices of the events in `[start, end)`; a nil start is the beginning of the history.
    func range(from start: Int64?, to end: Int64) -> Range<Int> {
        let upper = times.partitioningIndex { $0 >= end }
        guard let start else { return 0..<upper }
        let lower = times.partitioningIndex { $0 >= start }
        return min(lower, upper)..<upper
    }

    func count(from start: Int64?, to end: Int64) -> Int { range(from: start, to: end).count }

    /// Returns the indices of the events in a window that ends at `now`; a nil length is the whole history.
    func range(of window: Int64?, at now: Int64) -> Range<Int> {
        range(from: window.map { now - $0 }, to: now)
    }

    /// Returns the indices of the events in such a window that follow another event in it.
    func gaps(of window: Int64?, at now: Int64) -> Range<Int> {
        let events = range(of: window, at: now)
        return events.isEmpty ? events : events.lowerBound + 1..<events.upperBound
    }

    /// Returns the time from the previous event to the event at an index.
    func gap(_ place: Int) -> Int64 { times[place] - times[place - 1] }
}

/// The times of events, each with its civil day.
struct DaySeries: Sendable {
    private(set) var times = TimeSeries()
    private(set) var days: [Int32] = []
    /// The number of distinct days up to each event, with its own; correct only while days never go back.
    private var daysBegun: [Int32] = []
    /// True when days never went back; a traveller's may.
    private(set) var isMonotone = true

    mutating func append(_ time: Int64, day: Int32) {
        let isNew = days.last != day
        if let last = days.last, day < last { isMonotone = false }
        daysBegun.append((daysBegun.last ?? 0) + (isNew ? 1 : 0))
        days.append(day)
        times.append(time)
    }

    mutating func removeAll() {
        times.removeAll()
        days.removeAll(keepingCapacity: true)
        daysBegun.removeAll(keepingCapacity: true)
        isMonotone = true
    }

    /// Returns the number of different days in `[start, end)`, by a set when days went back.
    func distinctDays(from start: Int64?, to end: Int64) -> Int {
        let range = times.range(from: start, to: end)
        guard let last = range.last else { return 0 }
        guard isMonotone else { return Set(days[range]).count }
        return Int(daysBegun[last] - daysBegun[range.lowerBound]) + 1
    }

    /// Returns the lengths of the last and of the longest run of consecutive days in `[start, end)`.
    func runs(from start: Int64?, to end: Int64) -> (last: Int, longest: Int) {
        let seen = days[times.range(from: start, to: end)]
        var (length, longest) = (0, 0)
        var previous: Int32?
        for day in isMonotone ? Array(seen) : Set(seen).sorted() where day != previous {
            length = previous.map { $0 + 1 == day } ?? false ? length + 1 : 1
            longest = max(longest, length)
            previous = day
        }
        return (length, longest)
    }
}

/// The amounts of a property, with the times of the events that carry one.
struct AmountSeries: Sendable {
    private(set) var times = TimeSeries()
    private(set) var units: [Int64] = []
    /// The sum of the amounts before each index, in 128 bits because 1,025 amounts of 2^53 do not fit into
    /// 64.
    private var sums: [Int128] = [0]

    mutating func append(_ time: Int64, units amount: Int64) {
        times.append(time)
        units.append(amount)
        sums.append(sums[sums.count - 1] + Int128(amount))
    }

    mutating func removeAll() {
        times.removeAll()
        units.removeAll(keepingCapacity: true)
        sums.removeAll(keepingCapacity: true)
        sums.append(0)
    }

    func sum(_ range: Range<Int>) -> Int128 { sums[range.upperBound] - sums[range.lowerBound] }
}

/// The texts of a property as keys, with the times of the events that carry one.
struct CategorySeries: Sendable {
    private(set) var times = TimeSeries()
    private(set) var keys: [UInt64] = []
    /// The previous index of each key; −1 for its first occurrence.
    private var previous: [Int32] = []
    private var latest: [UInt64: Int32] = [:]
    /// The level of each event: its key as a number in the order of first occurrence.
    private var levels: [Int32] = []

    /// The number of different keys.
    var levelCount: Int { latest.count }

    /// Returns the level at an index, from 0.
    func level(_ place: Int) -> Int { Int(levels[place]) }

    mutating func append(_ time: Int64, key: UInt64) {
        if let place = latest.updateValue(Int32(keys.count), forKey: key) {
            previous.append(place)
            levels.append(levels[Int(place)])
        } else {
            previous.append(-1)
            levels.append(Int32(latest.count - 1))
        }
        keys.append(key)
        times.append(time)
    }

    mutating func removeAll() {
        times.removeAll()
        keys.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
        latest.removeAll(keepingCapacity: true)
    }

    /// Returns the number of different keys in a range: those whose previous index lies before it.
    func distinctCount(_ range: Range<Int>) -> Int {
        range.reduce(0) { $0 + (previous[$1] < Int32(range.lowerBound) ? 1 : 0) }
    }

    /// Returns the count of each key in a range, in no order.
    func counts(_ range: Range<Int>) -> [Int] {
        var counts: [UInt64: Int] = [:]
        for place in range { counts[keys[place], default: 0] += 1 }
        return Array(counts.values)
    }
}

/// The starts of a user's sessions over the full history.
struct SessionSeries: Sendable {
    private(set) var starts = TimeSeries()
    private var lastActivity: Int64?

    mutating func append(_ time: Int64, gap: Int64) {
        if lastActivity.map({ time - $0 > gap }) ?? true { starts.append(time) }
        lastActivity = time
    }

    mutating func removeAll() {
        starts.removeAll()
        lastActivity = nil
    }
}
