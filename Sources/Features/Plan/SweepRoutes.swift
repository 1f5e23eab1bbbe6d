/// Where the events of each code are counted, as far as it depends on no condition.
///
/// A code is the number of an event's name, or of a class of names.
struct SweepRoutes: Sendable {
    /// The tracks of one kind that the events of a code go to.
    ///
    /// Most codes go to one track beside those that all go to. The loop over events takes that one without asking, and the
    /// others in a second one where there are any.
    struct Lists: Sendable {
        /// The first track of each code; one behind the last track for a code that has none.
        fileprivate(set) var first: [Int] = []
        /// Where the other tracks of each code begin in ``others``; one entry more than there are codes.
        fileprivate(set) var otherStarts = [0]
        fileprivate(set) var others: [Int] = []

        fileprivate mutating func append(_ tracks: [Int], noTrack: Int) {
            first.append(tracks.first ?? noTrack)
            others += tracks.dropFirst()
            otherStarts.append(others.count)
        }

        /// Whether no code has a track.
        fileprivate func areEmpty(noTrack: Int) -> Bool { first.allSatisfy { $0 == noTrack } }
    }

    /// The time tracks that the events of every code go to.
    let wholeTimes: [Int]
    /// The day tracks that the events of every code go to.
    let wholeDays: [Int]
    /// The time tracks that only some codes go to.
    private(set) var times = Lists()
    /// Those of them of which a feature asks when the first event of a window was; nil where there are none.
    private(set) var firsts: Lists?
    /// The day tracks that only some codes go to; nil where there are none.
    private(set) var days: Lists?
    /// The amount tracks by column, of columns that have any.
    private(set) var amounts: [(slot: Int, lists: Lists)] = []

    /// The tracks that something is asked of.
    struct Asked {
        var times: Set<Int> = []
        /// Those of ``times`` of which a feature asks when the first event of a window was.
        var firsts: Set<Int> = []
        var amounts: Set<Int> = []
        var days: Set<Int> = []
    }

    /// - Parameter routes: by code.
    init(_ routes: [EventRoute], _ plan: FeaturePlan, _ asked: Asked) {
        let times = Self.tracks(routes, \.timeTracks, asked.times)
        let days = Self.tracks(routes, \.dayTracks, asked.days)
        let amounts = Self.tracks(routes, \.amountTracks, asked.amounts)
        let (wholeTimes, wholeDays) = (Self.whole(times), Self.whole(days))
        self.wholeTimes = wholeTimes
        self.wholeDays = wholeDays
        let (noTime, noDay) = (plan.timeFilters.count, plan.dayFilters.count)
        self.times = Self.lists(times, noTrack: noTime) { !wholeTimes.contains($0) }
        let firsts = Self.lists(times, noTrack: noTime) {
            asked.firsts.contains($0) && !wholeTimes.contains($0)
        }
        self.firsts = firsts.areEmpty(noTrack: noTime) ? nil : firsts
        let someDays = Self.lists(days, noTrack: noDay) { !wholeDays.contains($0) }
        self.days = someDays.areEmpty(noTrack: noDay) ? nil : someDays
        let noAmount = plan.amountSources.count
        for slot in plan.amountProperties.indices {
            let lists = Self.lists(amounts, noTrack: noAmount) { plan.amountSources[$0].slot == slot }
            if !lists.areEmpty(noTrack: noAmount) { self.amounts.append((slot, lists)) }
        }
    }

    private static func tracks(
        _ routes: [EventRoute], _ kind: (EventRoute) -> [EventRoute.Track], _ asked: Set<Int>
    ) -> [[Int]] {
        routes.map { route in
            kind(route).filter { $0.condition < 0 && asked.contains($0.index) }.map(\.index)
        }
    }

    private static func whole(_ tracks: [[Int]]) -> [Int] {
        guard let first = tracks.first else { return [] }
        return first.filter { track in tracks.allSatisfy { $0.contains(track) } }
    }

    private static func lists(_ tracks: [[Int]], noTrack: Int, where belongs: (Int) -> Bool) -> Lists {
        var lists = Lists()
        for tracks in tracks { lists.append(tracks.filter(belongs), noTrack: noTrack) }
        return lists
    }
}
