/// The names of an object's members that were read so far, each of which may occur once.
///
/// A few names are compared one by one, which takes less time than a hash of each.
struct MemberNames {
    private var few: [String] = []
    private var many: VerbatimSet = []
    private static let fewNames = 8

    /// Adds a name; returns false when it was there.
    mutating func insert(_ name: String) -> Bool {
        guard many.isEmpty else { return many.insert(name).inserted }
        if few.contains(verbatim: name) { return false }
        few.append(name)
        if few.count > Self.fewNames { many = VerbatimSet(few) }
        return true
    }
}
