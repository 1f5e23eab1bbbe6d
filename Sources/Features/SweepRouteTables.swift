/// The routes of a plan in memory of one worker's own.
final class SweepRouteTables {
    let wholeTimes: [Int]
    let wholeDays: [Int]
    let times: RouteTable
    let firsts: RouteTable?
    let days: RouteTable?
    /// By column of amounts.
    let amounts: [(slot: Int, table: RouteTable)]

    /// Whether the civil day of an event is asked for.
    var hasDays: Bool { !wholeDays.isEmpty || days != nil }

    init(_ routes: SweepRoutes, _ layout: NoteLayout) {
        wholeTimes = routes.wholeTimes
        wholeDays = routes.wholeDays
        times = RouteTable(routes.times, noTrack: layout.times)
        firsts = routes.firsts.map { RouteTable($0, noTrack: layout.times) }
        days = routes.days.map { RouteTable($0, noTrack: layout.days) }
        amounts = routes.amounts.map { ($0.slot, RouteTable($0.lists, noTrack: layout.amounts)) }
    }
}
