/// The tracks of one kind that the events of each code go to, in memory of one worker's own; see ``SweepRoutes/Lists``.
struct RouteTable {
    /// The first track of each code.
    let first: NumberView<Int>
    /// Whether a code has more than one.
    let hasOthers: Bool
    /// All tracks of the lists, each once.
    let tracks: [Int]
    private let otherStarts: NumberView<Int>
    private let others: NumberView<Int>
    private let noTrack: Int
    /// Whose numbers the views show.
    private let tables: [NumberTable<Int>]

    init(_ lists: SweepRoutes.Lists, noTrack: Int) {
        tables = [lists.first, lists.otherStarts, lists.others].map { NumberTable($0) }
        (first, otherStarts, others) = (tables[0].view, tables[1].view, tables[2].view)
        hasOthers = !lists.others.isEmpty
        tracks = Set(lists.first + lists.others).subtracting([noTrack]).sorted()
        self.noTrack = noTrack
    }

    /// Calls `body` with each track of a code behind the first.
    @inline(__always)
    func forEachOther(_ code: Int, _ body: (Int) -> Void) {
        var place = otherStarts[code]
        let end = otherStarts[code &+ 1]
        while place < end {
            body(others[place])
            place &+= 1
        }
    }

    /// Calls `body` with each track of a code.
    @inline(__always)
    func forEach(_ code: Int, _ body: (Int) -> Void) {
        guard first[code] != noTrack else { return }
        body(first[code])
        if hasOthers { forEachOther(code, body) }
    }
}
