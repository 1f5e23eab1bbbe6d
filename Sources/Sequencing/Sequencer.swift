package import LimpetDecisions
package import LimpetEvents
package import LimpetStorage

/// Puts the inputs of all users in one order, takes their steps, and groups them for the store.
///
///     let sequencer = Sequencer(store: store, policy: policy)
///     sequencer.take(submission, at: now)
///     if let commit = sequencer.closeGroup() { sequencer.conclude(commit.store(), at: now) }
///
/// A step is taken as soon as its input comes, on top of all earlier ones; nothing of it is told before its
/// group is stored, except a silence, which needs no more than that all it has read is stored. While one
/// group is being stored, the next one is open. It is used by one thread, and blocks only to read a profile
/// that is not in memory.
package final class Sequencer {
    let store: any ProfileStore
    let limits: Limits
    let stepper: Stepper
    /// The generation of model and policy.
    let generation: UInt32
    /// The cause for which no offers are made; nil for none.
    package var silence: SilenceCause?
    /// The group that takes steps.
    var open: SequencedGroup
    /// The group that is being stored.
    private(set) var closed: SequencedGroup?
    /// True while it is not known what became of the closed group.
    private(set) package var isUnsettled = false
    /// True after a group that was not stored, until one is.
    private(set) package var hasFailed = false
    /// The inputs of users who have had their share of the group, in their order.
    private var parked: [GroupInput] = []
    /// The ids and profiles of parked inputs, which later ones may not overtake.
    var blocked = BlockedUsers()
    /// The time before which no timer fires.
    private(set) var timersWaitUntil: Timestamp
    /// The number of events of each kind so far.
    package var counts = SequencerCounts()
    private let stopwatch: () -> UInt64

    /// The bounds of a group.
    package struct Limits: Sendable {
        /// The records of one user.
        package var userRecords = 1_000
        /// The time for the steps of one user, in nanoseconds.
        package var userNanoseconds: UInt64 = 1_000_000
        /// The records of a group, above which it is not added to before the group before it is stored.
        package var records = 8_192
        /// The records that only tell of silence, after which they are stored though nobody waits.
        package var silentRecords = 1_024
        /// The time in which timers wait after a start, and after a group that was not stored.
        package var timerWait = (
            start: TimeSpan(milliseconds: 60_000), failure: TimeSpan(milliseconds: 2_000)
        )
        /// The timers that one group takes.
        package var timers = 512

        /// Makes the usual bounds.
        package init() {}
    }

    /// Makes a sequencer.
    ///
    /// - Parameters:
    ///   - stopwatch: returns a time in nanoseconds, by which users share a group.
    ///   - now: the time of the start, after which timers wait.
    package init(
        store: any ProfileStore, policy: CompiledPolicy, generation: UInt32 = 1, limits: Limits = Limits(),
        now: Timestamp, stopwatch: @escaping () -> UInt64 = { 0 }
    ) {
        self.store = store
        self.limits = limits
        self.generation = generation
        self.stopwatch = stopwatch
        stepper = Stepper(policy)
        timersWaitUntil = now + limits.timerWait.start
        open = SequencedGroup(number: 1, unit: store.begin())
    }

    /// The model and the policy.
    package var policy: CompiledPolicy { stepper.policy }

    /// Looks at a profile at a time.
    package func view(_ profile: Profile, at time: Timestamp) -> ProfileView {
        stepper.view(profile, at: time)
    }

    /// True while there is room for inputs.
    package var hasRoom: Bool { !isUnsettled && open.records < limits.records }

    /// True if nothing waits to be stored.
    package var isIdle: Bool { closed == nil && !open.hasWork && parked.isEmpty }

    /// True if the open group holds nothing that somebody waits for.
    package var holdsOnlySilence: Bool { open.hasWork && !open.isAwaited }

    /// True while a removal of data is not stored.
    package var hasOpenErasures: Bool { open.hasErasures || closed?.hasErasures ?? false }

    /// The number of inputs that wait for a later group.
    package var parkedCount: Int { parked.count }

    /// The time at which a profile is to be looked at; nil for none, and while timers wait for something
    /// else than time.
    package var nextWakeUp: Timestamp? {
        guard hasRoom, open.timers < limits.timers else { return nil }
        return store.nextWakeUp.map { max($0, timersWaitUntil) }
    }

    // MARK: Inputs

    /// Takes a request, which is answered as soon as all it needs is stored.
    package func take(_ submission: Submission, at now: Timestamp) {
        let request = InputRequest(submission)
        guard !isUnsettled else { return request.fail("it is not known what became of earlier requests") }
        switch submission.work {
        case .inputs(let inputs):
            for input in inputs { open.unit.prepare(input.ids) }
            guard !inputs.isEmpty else { return request.finish() }
            for place in inputs.indices {
                take(GroupInput(work: .input(inputs[place], request, place)), at: now)
            }
        case .erasure(let id): take(GroupInput(work: .erasure(id, request)), at: now)
        case .merge(let id, let other): take(GroupInput(work: .merge(id, other, request)), at: now)
        }
    }

    /// Looks at the profiles whose time has come.
    package func takeTimers(at now: Timestamp) {
        guard hasRoom, now >= timersWaitUntil, silence != .clock else { return }
        let limit = min(limits.timers - open.timers, limits.records - open.records)
        for number in open.unit.takeDue(until: now, limit: max(0, limit)) {
            open.timers += 1
            take(GroupInput(work: .tick(number)), at: now)
        }
    }

    /// Takes an input, or lets it wait for the next group.
    func take(_ input: GroupInput, at now: Timestamp) {
        if let request = input.request, request.isEnded { return }
        do throws(StorageError) {
            let start = stopwatch()
            let taken = try step(input, at: now)
            guard let taken else { return park(input) }
            open.inputs.append(input)
            if let held = taken.held { held.share.nanoseconds += stopwatch() - start }
        } catch {
            counts.failures += 1
            if let request = input.request {
                request.fail("\(error)")
            } else if case .tick(let number) = input.work {
                open.unit.wake(number, at: now + limits.timerWait.failure)
            }
        }
    }

    private func park(_ input: GroupInput) {
        blocked.insert(ids: input.ids)
        if case .tick(let number) = input.work { blocked.insert(number) }
        parked.append(input)
    }

    /// Lets a request reply when its groups are stored: at once if they are.
    func settle(_ request: InputRequest) {
        guard request.left == 0, !request.isEnded else { return }
        if request.group >= open.number {
            open.waiting.append(request)
        } else if let closed, request.group >= closed.number {
            closed.waiting.append(request)
        } else {
            request.finish()
        }
    }

    // MARK: Groups

    /// True if there is something to be stored, and nothing is being stored.
    package var canClose: Bool {
        guard closed == nil, open.hasWork else { return false }
        return open.isAwaited || open.records >= limits.silentRecords
    }

    /// Closes the open group and begins the next; nil while another one is being stored, or where there is
    /// nothing to store.
    ///
    /// - Parameter isForced: true to store also what nobody waits for.
    package func closeGroup(at now: Timestamp, isForced: Bool = false) -> UnitCommit? {
        guard closed == nil, open.hasWork, isForced || canClose else { return nil }
        let group = open
        closed = group
        let commit = group.unit.close()
        beginGroup(group.number + 1, at: now)
        return commit
    }

    /// Begins a group with the inputs that waited for it.
    private func beginGroup(_ number: UInt64, at now: Timestamp, inputs: [GroupInput] = []) {
        open = SequencedGroup(number: number, unit: store.begin())
        takeParked(after: inputs, at: now)
    }

    /// Takes the inputs that waited.
    private func takeParked(after inputs: [GroupInput] = [], at now: Timestamp) {
        let waiting = inputs + parked
        parked = []
        blocked = BlockedUsers()
        for input in waiting { open.unit.prepare(input.ids) }
        for input in waiting { take(input, at: now) }
    }

    /// Takes notice of the fate of the closed group.
    package func conclude(_ outcome: CommitOutcome, at now: Timestamp) {
        guard let group = closed else { return }
        switch outcome {
        case .committed:
            (closed, isUnsettled, hasFailed) = (nil, false, false)
            counts.groups += 1
            store.commit(group.unit)
            for request in group.waiting { request.finish() }
            // Those whose rows the group had locked; others wait for the open group to be stored.
            if !open.hasWork { takeParked(at: now) }
        case .failed(let error):
            (closed, isUnsettled, hasFailed) = (nil, false, true)
            abandon(group, "\(error)", at: now)
        case .unknown(let error):
            if !isUnsettled { counts.unknown += 1 }
            (isUnsettled, hasFailed) = (true, true)
            for request in group.requests { request.fail("\(error)") }
        }
    }

    /// Forgets a group that was not stored, and takes the steps on top of it anew.
    private func abandon(_ group: SequencedGroup, _ reason: String, at now: Timestamp) {
        counts.failures += 1
        for request in group.requests { request.fail(reason) }
        let again = open.inputs.filter { !($0.request?.isEnded ?? false) }
        let number = open.number
        store.forget([group.unit, open.unit])
        timersWaitUntil = max(timersWaitUntil, now + limits.timerWait.failure)
        let late = timersWaitUntil
        for input in again { input.withdraw() }
        // Inputs go again in their order; who was looked at by time alone is looked at later.
        let ticks = (group.inputs + open.inputs).compactMap(\.tick)
        beginGroup(number + 1, at: now, inputs: again.filter { $0.tick == nil })
        for number in ticks { open.unit.wake(number, at: late) }
    }
}
