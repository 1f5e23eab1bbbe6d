extension TimeZoneRules {
    /// Returns the changes of the offset through `year`: each offset from UTC in seconds, with the time in
    /// milliseconds from which it holds; the first holds from `Int64.min`.
    package func changes(through year: Int) -> [(time: Int64, offset: Int)] {
        var changes = [(time: Int64.min, offset: Int(firstOffset))]
        func add(_ second: Int64) {
            let time = second * 1_000
            let offset = offsetSeconds(at: Timestamp(milliseconds: time))
            if changes.last?.offset != offset { changes.append((time, offset)) }
        }
        for second in transitions { add(second) }
        guard let end = CivilDate(year: year + 1, month: 1, day: 1)?.dayNumber, rule != nil else {
            return changes
        }
        if transitions.isEmpty { changes[0].offset = offsetSeconds(at: Timestamp(milliseconds: 0)) }
        var day = transitions.last.map { $0 / 86_400 } ?? 0
        // A rule changes the offset a few times a year at most: each change is searched for within its day.
        while day < end {
            let (start, next) = (day * 86_400, (day + 1) * 86_400)
            if offset(start) != offset(next), start >= transitions.last ?? .min { add(change(start, next)) }
            day += 1
        }
        return changes
    }

    private func offset(_ second: Int64) -> Int { offsetSeconds(at: Timestamp(milliseconds: second * 1_000)) }

    private func change(_ start: Int64, _ end: Int64) -> Int64 {
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(middle) == offset(start) { low = middle } else { high = middle }
        }
        return high
    }
}
