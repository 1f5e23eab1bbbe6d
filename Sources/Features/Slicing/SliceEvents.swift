/// Buffers for the events of one user, as a slicing pass needs them again; they grow with the longest
/// history.
final class SliceEvents {
    private var places: NumberTable<Place>
    private var days: NumberTable<Int64>
    private var records: NumberTable<Int>
    private let firsts: NumberTable<Int>
    private let lastDays: NumberTable<Int64>
    private let daysBegun: NumberTable<Int64>

    /// The aggregate row and the code of an event.
    struct Place: BitwiseCopyable {
        private let aggregateStart: Int32
        private let codeNumber: Int32

        @inline(__always)
        init(aggregate: Int, code: Int) {
            aggregateStart = Int32(truncatingIfNeeded: aggregate)
            codeNumber = Int32(truncatingIfNeeded: code)
        }

        /// The start of the aggregate row of the event's slice.
        var aggregate: Int { @inline(__always) get { Int(aggregateStart) } }
        var code: Int { @inline(__always) get { Int(codeNumber) } }
    }

    struct Views {
        let places: NumberView<Place>
        /// The civil day of each event.
        let days: NumberView<Int64>
        /// The index of the first event of each slice, from slice 1; after the last slice, the number of all
        /// events.
        let firsts: NumberView<Int>
        /// A buffer for the last day of each day series.
        let lastDays: NumberView<Int64>
        /// A buffer for the number of days that began with an event, by day series.
        let daysBegun: NumberView<Int64>
    }

    init(days: Int, boundaries: Int) {
        places = NumberTable(repeating: Place(aggregate: 0, code: 0), count: 0)
        self.days = NumberTable(repeating: 0, count: 0)
        records = NumberTable(repeating: 0, count: 0)
        firsts = NumberTable(repeating: 0, count: boundaries + 1)
        lastDays = NumberTable(repeating: 0, count: days + 1)
        daysBegun = NumberTable(repeating: 0, count: days + 1)
    }

    var views: Views {
        Views(
            places: places.view, days: days.view, firsts: firsts.view, lastDays: lastDays.view,
            daysBegun: daysBegun.view)
    }

    /// The index of each event's first word in a journal.
    var recordStarts: NumberView<Int> { records.view }

    /// Ensures capacity for `count` events.
    func reserve(_ count: Int) {
        guard places.count < count else { return }
        let capacity = max(count, 2 * places.count)
        places = NumberTable(repeating: Place(aggregate: 0, code: 0), count: capacity)
        days = NumberTable(repeating: 0, count: capacity)
    }

    /// Ensures capacity for `count` events of a journal.
    func reserveRecords(_ count: Int) {
        reserve(count)
        guard records.count < count else { return }
        records = NumberTable(repeating: 0, count: places.count)
    }
}
