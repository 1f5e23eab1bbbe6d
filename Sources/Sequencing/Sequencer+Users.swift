import LimpetDecisions
import LimpetEvents
import LimpetStorage

/// Whose an input is, joins of two profiles, and erasure.
extension Sequencer {
    /// The profile that an input belongs to.
    enum Owner {
        /// None; its flag says that one of the ids belongs to another known user.
        case none(Bool)
        case busy
        /// A profile; its flag says that one of the ids belongs to another known user.
        case profile(HeldProfile, Bool)
        /// The profile of a known user, and that of a device that the user now appears on.
        case join(HeldProfile, HeldProfile)
    }

    /// Returns the owner of an input by its ids, the known one first.
    ///
    /// An anonymous id joins the known user that it first appears with. One of another known user stays that
    /// user's: on a shared device events belong to the user that they name.
    ///
    /// - Parameter joins: false for a question, which joins nothing.
    func owner(of ids: [ProfileID], joins: Bool) throws(StorageError) -> Owner {
        guard let first = ids.first else { return .none(false) }
        let named: HeldProfile?
        switch try open.unit.find(first) {
        case .busy: return .busy
        case .none: named = nil
        case .profile(let held): named = held
        }
        for other in ids.dropFirst() {
            switch try open.unit.find(other) {
            case .busy: return .busy
            case .none: continue
            case .profile(let held):
                if let named, named === held { continue }
                if isAnothers(held, than: first) {
                    // The known user appears for the first time, on a device of another one.
                    return named.map { .profile($0, true) } ?? .none(true)
                }
                guard let named else { return .profile(held, false) }
                return joins ? .join(named, held) : .profile(named, false)
            }
        }
        return named.map { .profile($0, false) } ?? .none(false)
    }

    /// Returns true if a profile is that of a known user, and a known id is not among its ids.
    private func isAnothers(_ held: HeldProfile, than id: ProfileID) -> Bool {
        guard let known = held.profile.knownID else { return false }
        return id.kind == .known ? known != id : true
    }

    /// Joins two profiles of one user.
    func join(_ survivor: HeldProfile, _ absorbed: HeldProfile, at now: Timestamp) {
        let latest = max(now, absorbed.profile.lastNow)
        let step = stepper.join(
            &survivor.profile, taking: absorbed.profile, context(for: survivor.profile, at: latest))
        counts.joins += 1
        note(step, of: survivor, isNeeded: true)
        open.unit.absorb(absorbed, into: survivor)
    }

    /// Joins two known users, as an administrator asks for.
    func merge(
        _ id: ProfileID, _ other: ProfileID, _ request: InputRequest, at now: Timestamp
    ) throws(StorageError) -> Taken? {
        let (first, second) = (try open.unit.find(id), try open.unit.find(other))
        switch (first, second) {
        case (.busy, _), (_, .busy): return nil
        case (.profile(let survivor), .profile(let absorbed)) where survivor !== absorbed:
            if blocked.contains(survivor.number) || blocked.contains(absorbed.number) { return nil }
            join(survivor, absorbed, at: now)
            let answer = StepAnswer(
                profile: survivor.number, record: nil, delivery: nil, receipt: nil, isOtherUsers: false)
            request.answer(0, .taken(answer), after: open.number)
            settle(request)
            return Taken(held: survivor)
        default:
            request.answer(0, .unknown, after: 0)
            settle(request)
            return Taken(held: nil)
        }
    }

    /// Removes all data about a user.
    func erase(
        _ id: ProfileID, _ request: InputRequest, at now: Timestamp
    ) throws(StorageError) -> Taken? {
        switch try open.unit.find(id) {
        case .busy: return nil
        case .none:
            request.answer(0, .unknown, after: 0)
            settle(request)
            return Taken(held: nil)
        case .profile(let held):
            if blocked.contains(held.number) { return nil }
            open.unit.erase(held, at: now)
            open.hasErasures = true
            open.isAwaited = true
            request.answer(0, .erased, after: open.number)
            settle(request)
            return Taken(held: nil)
        }
    }
}
