import LimpetDecisions
import LimpetEvents
import LimpetStorage

/// The steps of inputs: whose they are, and what is answered.
extension Sequencer {
    /// The sign that a step was taken, and of whom.
    struct Taken {
        let held: HeldProfile?
    }

    /// Takes a step; nil if it has to wait for the next group.
    func step(_ input: GroupInput, at now: Timestamp) throws(StorageError) -> Taken? {
        if !blocked.isEmpty, blocked.contains(input.ids) { return nil }
        switch input.work {
        case .input(let profileInput, let request, let place):
            if profileInput.ids.contains(where: { open.unit.isErased($0, at: now) }) {
                counts.erased += 1
                request.answer(place, .erased, after: 0)
                settle(request)
                return Taken(held: nil)
            }
            return try step(profileInput, request, place, at: now)
        case .tick(let number): return try tick(number, at: now)
        case .erasure(let id, let request): return try erase(id, request, at: now)
        case .merge(let id, let other, let request): return try merge(id, other, request, at: now)
        }
    }

    private func step(
        _ input: ProfileInput, _ request: InputRequest, _ place: Int, at now: Timestamp
    ) throws(StorageError) -> Taken? {
        let owner = try owner(of: input.ids, joins: input.isEvent)
        switch owner {
        case .busy: return nil
        case .profile(let held, let isOtherUsers):
            guard mayStep(held) else { return nil }
            let input = isOtherUsers ? input.naming([input.ids[0]]) : input
            return answer(input, held, request, place, isOtherUsers, at: now)
        case .join(let survivor, let absorbed):
            guard mayStep(survivor), mayStep(absorbed) else { return nil }
            join(survivor, absorbed, at: now)
            return answer(input, survivor, request, place, false, at: now)
        case .none(let isOtherUsers):
            let input = isOtherUsers ? input.naming([input.ids[0]]) : input
            return begin(input, request, place, isOtherUsers, at: now)
        }
    }

    /// Returns true if a profile may have more of the group.
    private func mayStep(_ held: HeldProfile) -> Bool {
        if blocked.contains(held.number) { return false }
        if held.share.group != open.number { held.share = GroupShare(group: open.number) }
        // Where nothing is stored, no group will end that a user could wait for.
        let isAlone = !open.hasWork && closed == nil
        let isWithin =
            isAlone
            || held.share.records < limits.userRecords
                && held.share.nanoseconds <= limits.userNanoseconds
        if !isWithin { blocked.insert(held.number) }
        return isWithin
    }

    func context(for profile: Profile, at now: Timestamp) -> StepContext {
        StepContext(
            now: max(now, profile.lastNow), record: open.unit.nextRecord, epoch: store.epoch,
            generation: generation, silence: silence)
    }

    /// Takes the step of a profile that is there, and notes the answer.
    private func answer(
        _ input: ProfileInput, _ held: HeldProfile, _ request: InputRequest, _ place: Int,
        _ isOtherUsers: Bool, at now: Timestamp
    ) -> Taken {
        if isOtherUsers { counts.refusedJoins += 1 }
        let step = stepper.step(&held.profile, input, context(for: held.profile, at: now))
        note(step, of: held, isNeeded: !step.isSilent(input))
        let answer = answer(step, held, isOtherUsers, at: now)
        request.answer(place, answer, after: lastGroup(needed: step, held))
        settle(request)
        return Taken(held: held)
    }

    /// Returns the number of the group that the answer of a step waits for.
    private func lastGroup(needed step: Step, _ held: HeldProfile) -> UInt64 {
        if case .repetition = step.verdict {
            // The answer is that of the first record, which is read from the log.
            if held.lastGroup == open.number { open.isAwaited = true }
            return max(held.lastWrite, held.lastGroup)
        }
        guard !store.isEpochStored, step.record != nil else { return held.lastWrite }
        open.isAwaited = true
        return open.number
    }

    /// Gives a step's record to the unit.
    ///
    /// - Parameter isNeeded: true if whoever reads the profile from now on must wait for the record.
    func note(_ step: Step, of held: HeldProfile, isNeeded: Bool) {
        guard let record = step.record else { return }
        open.unit.take(record, of: held)
        open.records += 1
        counts.records += 1
        held.share.records += 1
        held.lastGroup = open.number
        if isNeeded {
            held.lastWrite = open.number
            open.isAwaited = true
        }
    }

    private func answer(_ step: Step, _ held: HeldProfile, _ isOtherUsers: Bool, at now: Timestamp)
        -> InputAnswer
    {
        switch step.verdict {
        case .repetition(let repetition):
            counts.repetitions += 1
            if repetition.isConflict { counts.conflicts += 1 }
            let valid = silence == nil ? stepper.valid(held.profile, at: now) : []
            return .repetition(
                record: repetition.record, profile: held.number, isConflict: repetition.isConflict,
                valid: valid)
        case .refused:
            counts.refused += 1
            return .refused
        case .taken, .idle:
            return .taken(
                StepAnswer(
                    profile: held.number, record: step.record, delivery: step.delivery, receipt: step.receipt,
                    isOtherUsers: isOtherUsers))
        }
    }

    /// Takes the first step of a user of whom nothing is known. A question that ends in silence leaves
    /// nothing behind.
    private func begin(
        _ input: ProfileInput, _ request: InputRequest, _ place: Int, _ isOtherUsers: Bool, at now: Timestamp
    ) -> Taken {
        if isOtherUsers { counts.refusedJoins += 1 }
        let number = open.unit.nextRecord
        var profile = Profile(number: number, id: input.ids[0], features: policy.features)
        let step = stepper.step(&profile, input, context(for: profile, at: now))
        guard step.record != nil, !step.isSilent(input) else {
            request.answer(place, input.isEvent ? .refused : .unknown, after: 0)
            if input.isEvent { counts.refused += 1 }
            settle(request)
            return Taken(held: nil)
        }
        let held = open.unit.add(profile)
        held.share.group = open.number
        note(step, of: held, isNeeded: true)
        request.answer(place, answer(step, held, isOtherUsers, at: now), after: open.number)
        settle(request)
        return Taken(held: held)
    }

    private func tick(_ number: UInt64, at now: Timestamp) throws(StorageError) -> Taken? {
        switch try open.unit.find(number: number) {
        case .busy: return nil
        // It was joined with another one or erased.
        case .none: return Taken(held: nil)
        case .profile(let held):
            guard mayStep(held) else { return nil }
            let step = stepper.step(&held.profile, .tick, context(for: held.profile, at: now))
            note(step, of: held, isNeeded: true)
            if step.record == nil, let next = held.profile.wakeUp { open.unit.wake(number, at: next) }
            return Taken(held: held)
        }
    }
}

extension Step {
    /// True if the answer gives nothing away that could get lost: no event was taken and nothing handed out.
    func isSilent(_ input: ProfileInput) -> Bool {
        guard case .ask = input else { return record == nil }
        return delivery.map(\.isWithheld) ?? true
    }
}

extension ProfileInput {
    /// True for an event.
    var isEvent: Bool { if case .event = self { true } else { false } }

    /// Returns the input with other ids.
    func naming(_ ids: [ProfileID]) -> ProfileInput {
        switch self {
        case .event(var event):
            event.ids = ids
            return .event(event)
        case .ask(var question):
            question.ids = ids
            return .ask(question)
        case .tick: return self
        }
    }
}
