/// The routes of a plan in memory of one worker's own.
final class SweepRouteTables {
    let wholeTimes: [Int]
    let wholeDays: [Int]
    let times: RouteTable
    let firsts: RouteTable?
    let days: RouteTable?
    /// By column of amounts.
    let amounts: [(slot: Int, table: RouteTable)]
    /// By code.
    let leads: NumberView<Lead>
    private let leadTable: NumberTable<Lead>

    /// Where the events of a code are counted first, by places in a note.
    struct Lead: BitwiseCopyable {
        private let countPlace: Int32
        private let sumPlace: Int32
        /// All bits where the first column's amounts are summed, none where they are not.
        let amountMask: Int64

        fileprivate init(count: Int, sum: Int, isSummed: Bool) {
            countPlace = Int32(truncatingIfNeeded: count)
            sumPlace = Int32(truncatingIfNeeded: sum)
            amountMask = isSummed ? -1 : 0
        }

        /// The place of the number of events.
        var count: Int { @inline(__always) get { Int(countPlace) } }
        /// The place of the sum of the first column's amounts.
        var sum: Int { @inline(__always) get { Int(sumPlace) } }
    }

    /// Whether the civil day of an event is asked for.
    var hasDays: Bool { !wholeDays.isEmpty || days != nil }

    init(_ routes: SweepRoutes, _ layout: NoteLayout) {
        wholeTimes = routes.wholeTimes
        wholeDays = routes.wholeDays
        times = RouteTable(routes.times, noTrack: layout.times)
        firsts = routes.firsts.map { RouteTable($0, noTrack: layout.times) }
        days = routes.days.map { RouteTable($0, noTrack: layout.days) }
        amounts = routes.amounts.map { ($0.slot, RouteTable($0.lists, noTrack: layout.amounts)) }
        leadTable = NumberTable(Self.leads(times, amounts.first?.table, layout))
        leads = leadTable.view
    }

    private static func leads(_ times: RouteTable, _ amounts: RouteTable?, _ layout: NoteLayout) -> [Lead] {
        (0..<times.first.count).map { code in
            let track = amounts.map { $0.first[code] } ?? layout.amounts
            return Lead(
                count: layout.count(times.first[code]), sum: layout.sum(track),
                isSummed: track != layout.amounts)
        }
    }
}
