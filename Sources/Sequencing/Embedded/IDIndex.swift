/// The profiles by the keyed hashes of their ids, in memory.
///
/// Two ids may have one hash: whoever asks compares the ids of the profile with the one that is looked for.
struct IDIndex {
    private var first: [UInt64: UInt64] = [:]
    /// The further profiles of hashes that several ids have.
    private var others: [UInt64: [UInt64]] = [:]

    /// The number of hashes.
    var count: Int { first.count }

    /// Returns the profiles with an id of this hash.
    func profiles(_ hash: UInt64) -> (first: UInt64?, others: [UInt64]) {
        (first[hash], others.isEmpty ? [] : others[hash, default: []])
    }

    /// Adds an id of a profile; one that is there already stays.
    mutating func insert(_ hash: UInt64, _ profile: UInt64) {
        guard let known = first[hash] else {
            first[hash] = profile
            return
        }
        guard known != profile, !others[hash, default: []].contains(profile) else { return }
        others[hash, default: []].append(profile)
    }

    /// Removes an id of a profile.
    mutating func remove(_ hash: UInt64, _ profile: UInt64) {
        var rest = others[hash, default: []]
        if first[hash] == profile {
            first[hash] = rest.isEmpty ? nil : rest.removeFirst()
        } else {
            rest.removeAll { $0 == profile }
        }
        others[hash] = rest.isEmpty ? nil : rest
    }
}
