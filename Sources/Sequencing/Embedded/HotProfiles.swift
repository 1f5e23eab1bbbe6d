import LimpetDecisions

/// The profiles in memory, of which those go that were not used for longest, when they are too many.
struct HotProfiles {
    private var held: [UInt64: HeldProfile] = [:]
    /// The numbers in a ring, through which a hand goes: who was not used since it last came by is removed.
    private var ring: [UInt64] = []
    private var hand = 0
    /// The memory of the profiles in bytes.
    private(set) var memory = 0

    /// The number of profiles.
    var count: Int { held.count }

    /// Returns a profile, which counts as used.
    func find(_ number: UInt64) -> HeldProfile? {
        guard let found = held[number] else { return nil }
        found.place.isUsed = true
        return found
    }

    /// Returns a profile without using it.
    func peek(_ number: UInt64) -> HeldProfile? { held[number] }

    mutating func insert(_ profile: HeldProfile) {
        held[profile.number] = profile
        ring.append(profile.number)
        count(profile)
    }

    /// Counts the memory of a profile that was changed.
    mutating func count(_ profile: HeldProfile) {
        let now = profile.profile.memory + HeldProfile.overhead
        memory += now - profile.place.memory
        profile.place.memory = now
    }

    @discardableResult
    mutating func remove(_ number: UInt64) -> HeldProfile? {
        guard let removed = held.removeValue(forKey: number) else { return nil }
        memory -= removed.place.memory
        removed.place.memory = 0
        return removed
    }

    /// Removes profiles until they take no more than a number of bytes, or a number of them has been looked
    /// at.
    mutating func shrink(to bytes: Int, looks: Int, mayGo: (HeldProfile) -> Bool) {
        var left = looks
        while memory > bytes, left > 0, !ring.isEmpty {
            left -= 1
            if hand >= ring.count { hand = 0 }
            guard let profile = held[ring[hand]] else {
                ring.swapAt(hand, ring.count - 1)
                ring.removeLast()
                continue
            }
            if profile.place.isUsed || !mayGo(profile) {
                profile.place.isUsed = false
                hand += 1
            } else {
                remove(profile.number)
            }
        }
    }
}

extension HeldProfile {
    /// The bytes that a profile in memory takes beside itself.
    static let overhead = 160
}
