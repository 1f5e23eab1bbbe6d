/// The runs of consecutive civil days in a window that moves forward; days must never go back.
struct MovingRuns {
    private var runs: [(first: Int32, last: Int32)] = []
    /// The index of the first run in the window.
    private var head = 0
    /// The lengths of the runs, by index. The first run may begin before the window.
    private var lengths = MovingExtreme()

    mutating func removeAll() {
        runs.removeAll(keepingCapacity: true)
        head = 0
        lengths.removeAll(isMaximum: true)
    }

    /// Adds the day of the next event.
    mutating func append(_ day: Int32) {
        if let last = runs.last, day <= last.last + 1 {
            guard day > last.last else { return }
            runs[runs.count - 1].last = day
        } else {
            runs.append((day, day))
        }
        let run = runs.count - 1
        lengths.append(Int64(day - runs[run].first) + 1, at: run)
    }

    /// Returns the lengths of the last and of the longest run, in a window whose first event is on `day`.
    mutating func lengths(from day: Int32) -> (last: Int, longest: Int) {
        while runs[head].last < day { head += 1 }
        lengths.removeFirst(through: head)
        let clipped = Int(runs[head].last - max(runs[head].first, day)) + 1
        let last = runs[runs.count - 1]
        return (
            head == runs.count - 1 ? clipped : Int(last.last - last.first) + 1,
            max(clipped, lengths.value.map { Int($0) } ?? 0)
        )
    }
}
