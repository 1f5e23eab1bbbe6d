/// The dispatch of event codes to series, in memory that one worker owns.
final class DispatchTable {
    let wholeTimes: [Int]
    let wholeDays: [Int]
    let times: DispatchColumn
    let firsts: DispatchColumn?
    let days: DispatchColumn?
    /// The amount series by column.
    let amounts: [(slot: Int, table: DispatchColumn)]
    /// The positions of the first series of each code.
    let primaries: NumberView<Primary>
    private let primaryTable: NumberTable<Primary>

    /// The positions in an aggregate row at which the events of a code are counted first.
    struct Primary: BitwiseCopyable {
        private let countPlace: Int32
        private let sumPlace: Int32
        /// A mask with all bits set when the first column's amounts are summed, and none otherwise.
        let amountMask: Int64

        fileprivate init(count: Int, sum: Int, isSummed: Bool) {
            countPlace = Int32(truncatingIfNeeded: count)
            sumPlace = Int32(truncatingIfNeeded: sum)
            amountMask = isSummed ? -1 : 0
        }

        /// The position of the number of events.
        var count: Int { @inline(__always) get { Int(countPlace) } }
        /// The position of the sum of the first column's amounts.
        var sum: Int { @inline(__always) get { Int(sumPlace) } }
    }

    /// True when a series needs the civil days of events.
    var hasDays: Bool { !wholeDays.isEmpty || days != nil }

    init(_ dispatches: DispatchLists, _ layout: AggregateLayout) {
        wholeTimes = dispatches.wholeTimes
        wholeDays = dispatches.wholeDays
        times = DispatchColumn(dispatches.times, noSeries: layout.times)
        firsts = dispatches.firsts.map { DispatchColumn($0, noSeries: layout.times) }
        days = dispatches.days.map { DispatchColumn($0, noSeries: layout.days) }
        amounts = dispatches.amounts.map { ($0.slot, DispatchColumn($0.lists, noSeries: layout.amounts)) }
        primaryTable = NumberTable(Self.primaries(times, amounts.first?.table, layout))
        primaries = primaryTable.view
    }

    private static func primaries(
        _ times: DispatchColumn, _ amounts: DispatchColumn?, _ layout: AggregateLayout
    ) -> [Primary] {
        (0..<times.first.count).map { code in
            let series = amounts.map { $0.first[code] } ?? layout.amounts
            return Primary(
                count: layout.count(times.first[code]), sum: layout.sum(series),
                isSummed: series != layout.amounts)
        }
    }
}

/// The series that the events of each code go to, without those that have conditions.
///
/// A code is the index of an event name, or of a class of names.
struct DispatchLists: Sendable {
    /// The series of one type that the events of a code go to.
    ///
    /// Most codes go to one series besides those that all codes go to. The loop over events handles that one
    /// without a test, and a second loop handles the others, if there are any.
    struct Lists: Sendable {
        /// The first series of each code; the number of series for a code that has none.
        fileprivate(set) var first: [Int] = []
        /// The start of each code's other series in ``others``, and their count at the end: `[codes + 1]`.
        fileprivate(set) var otherStarts = [0]
        fileprivate(set) var others: [Int] = []

        fileprivate mutating func append(_ seriesLists: [Int], noSeries: Int) {
            first.append(seriesLists.first ?? noSeries)
            others += seriesLists.dropFirst()
            otherStarts.append(others.count)
        }

        /// Returns true if no code has a series.
        fileprivate func areEmpty(noSeries: Int) -> Bool { first.allSatisfy { $0 == noSeries } }
    }

    /// The time series that the events of every code go to.
    let wholeTimes: [Int]
    /// The day series that the events of every code go to.
    let wholeDays: [Int]
    /// The time series that only some codes go to.
    private(set) var times = Lists()
    /// Those of ``times`` for which a feature needs the first event in a window; nil when there are none.
    private(set) var firsts: Lists?
    /// The day series that only some codes go to; nil when there are none.
    private(set) var days: Lists?
    /// The amount series by column, for columns that have any.
    private(set) var amounts: [(slot: Int, lists: Lists)] = []

    /// The series that something reads.
    struct Asked {
        var times: Set<Int> = []
        /// Those of ``times`` for which a feature needs the first event in a window.
        var firsts: Set<Int> = []
        var amounts: Set<Int> = []
        var days: Set<Int> = []
    }

    /// - Parameter dispatches: the dispatch of each code.
    init(_ dispatches: [EventDispatch], _ plan: FeaturePlan, _ asked: Asked) {
        let times = Self.seriesLists(dispatches, \.timeSeries, asked.times)
        let days = Self.seriesLists(dispatches, \.daySeries, asked.days)
        let amounts = Self.seriesLists(dispatches, \.amountSeries, asked.amounts)
        let (wholeTimes, wholeDays) = (Self.whole(times), Self.whole(days))
        self.wholeTimes = wholeTimes
        self.wholeDays = wholeDays
        let (noTime, noDay) = (plan.timeFilters.count, plan.dayFilters.count)
        self.times = Self.lists(times, noSeries: noTime) { !wholeTimes.contains($0) }
        let firsts = Self.lists(times, noSeries: noTime) {
            asked.firsts.contains($0) && !wholeTimes.contains($0)
        }
        self.firsts = firsts.areEmpty(noSeries: noTime) ? nil : firsts
        let someDays = Self.lists(days, noSeries: noDay) { !wholeDays.contains($0) }
        self.days = someDays.areEmpty(noSeries: noDay) ? nil : someDays
        let noAmount = plan.amountSources.count
        for slot in plan.amountProperties.indices {
            let lists = Self.lists(amounts, noSeries: noAmount) { plan.amountSources[$0].slot == slot }
            if !lists.areEmpty(noSeries: noAmount) { self.amounts.append((slot, lists)) }
        }
    }

    private static func seriesLists(
        _ dispatches: [EventDispatch], _ kind: (EventDispatch) -> [EventDispatch.Target], _ asked: Set<Int>
    ) -> [[Int]] {
        dispatches.map { dispatch in
            kind(dispatch).filter { $0.condition < 0 && asked.contains($0.index) }.map(\.index)
        }
    }

    private static func whole(_ seriesLists: [[Int]]) -> [Int] {
        guard let first = seriesLists.first else { return [] }
        return first.filter { series in seriesLists.allSatisfy { $0.contains(series) } }
    }

    private static func lists(_ seriesLists: [[Int]], noSeries: Int, where belongs: (Int) -> Bool) -> Lists {
        var lists = Lists()
        for seriesLists in seriesLists { lists.append(seriesLists.filter(belongs), noSeries: noSeries) }
        return lists
    }
}

/// The series of one type that the events of each code go to, in memory that one worker owns; see
/// ``DispatchLists/Lists``.
struct DispatchColumn {
    /// The first series of each code.
    let first: NumberView<Int>
    /// True when a code has more than one series.
    let hasOthers: Bool
    /// All series of the lists, each once.
    let allSeries: [Int]
    private let otherStarts: NumberView<Int>
    private let others: NumberView<Int>
    private let noSeries: Int
    /// The owners of the memory of the views.
    private let tables: [NumberTable<Int>]

    init(_ lists: DispatchLists.Lists, noSeries: Int) {
        tables = [lists.first, lists.otherStarts, lists.others].map { NumberTable($0) }
        (first, otherStarts, others) = (tables[0].view, tables[1].view, tables[2].view)
        hasOthers = !lists.others.isEmpty
        allSeries = Set(lists.first + lists.others).subtracting([noSeries]).sorted()
        self.noSeries = noSeries
    }

    /// Calls `body` with each series of a code after the first.
    @inline(__always)
    func forEachOther(_ code: Int, _ body: (Int) -> Void) {
        var place = otherStarts[code]
        let end = otherStarts[code &+ 1]
        while place < end {
            body(others[place])
            place &+= 1
        }
    }

    /// Calls `body` with each series of a code.
    @inline(__always)
    func forEach(_ code: Int, _ body: (Int) -> Void) {
        guard first[code] != noSeries else { return }
        body(first[code])
        if hasOthers { forEachOther(code, body) }
    }
}
