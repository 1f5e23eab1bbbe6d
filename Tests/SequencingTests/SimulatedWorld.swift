import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetSequencing
import LimpetStorage
import LimpetTestSupport

/// A service with its clients, its clock and its disk, all of which do whatever a seed says.
final class SimulatedWorld {
    /// The place where the service keeps everything.
    enum Home {
        case files(SimulatedLog, SimulatedStates)
        case rows(SimulatedRows)
    }

    let home: Home
    let policy: CompiledPolicy
    var random: TestRandom
    private(set) var now = TestPolicy.noon
    private(set) var sequencer: Sequencer
    private(set) var embedded: EmbeddedStore?
    private(set) var calls: [SimulatedCall] = []
    /// The users whose data were erased, by the ids that they had.
    private(set) var erasedIDs: Set<ProfileID> = []
    private var commit: UnitCommit?
    private var outcome: CommitOutcome?
    private var slice: StateSlice?
    private var messages: UInt64 = 0
    private let isFaulty: Bool
    private let hasErasures: Bool
    private let stopwatch: SimulatedStopwatch

    init(
        seed: UInt64, home: Home, policy: CompiledPolicy, isFaulty: Bool = true
    ) throws {
        random = TestRandom(seed: seed)
        hasErasures = seed % 3 == 0
        (self.home, self.policy, self.isFaulty) = (home, policy, isFaulty)
        stopwatch = SimulatedStopwatch(seed: seed)
        (sequencer, embedded) = try Self.start(home, policy, at: TestPolicy.noon, stopwatch)
    }

    private static func start(
        _ home: Home, _ policy: CompiledPolicy, at now: Timestamp, _ stopwatch: SimulatedStopwatch
    ) throws -> (Sequencer, EmbeddedStore?) {
        var limits = Sequencer.Limits()
        (limits.userRecords, limits.records) = (4, 40)
        limits.silentRecords = 6
        func sequencer(_ store: any ProfileStore) -> Sequencer {
            Sequencer(
                store: store, policy: policy, limits: limits, now: now, stopwatch: { stopwatch.next() })
        }
        switch home {
        case .files(let log, let states):
            // Memory for two or three profiles, so that rows are read all the time.
            let store = try EmbeddedStore(
                log: log, states: states, features: policy.features, hashing: .init(key: [1, 2, 3]),
                memory: 8_000)
            for erasure in store.erasures { try store.purge(erasure).run() }
            for erasure in store.erasures { store.didPurge(erasure) }
            try store.recover()
            return (sequencer(store), store)
        case .rows(let server):
            let store = RowStore(server, features: policy.features)
            return (sequencer(store), nil)
        }
    }

    private func draw(_ limit: Int) -> Int { random.below(limit) }

    // MARK: The walk

    func walk(_ steps: Int) throws {
        for _ in 0..<steps {
            now = now + TimeSpan(milliseconds: Int64(draw(20) == 0 ? draw(900_000) : draw(4_000)))
            switch draw(100) {
            case 0..<40: send(newCall())
            case 40..<52: if !calls.isEmpty { send(random.pick(Array(calls.suffix(30)))) }
            case 52..<66: close()
            case 66..<82: advanceCommit()
            case 82..<88: sequencer.takeTimers(at: now)
            case 88..<95: sweep()
            case 95: if isFaulty { try crash() }
            case 96: sequencer.silence = draw(3) == 0 ? .admin : nil
            case 97: if hasErasures, draw(4) == 0 { send(SimulatedCall(.erasure(someID()))) }
            case 98: if draw(3) == 0 { send(SimulatedCall(.merge(knownID(), knownID()))) }
            default: planFates()
            }
        }
        try quiesce()
    }

    private func send(_ call: SimulatedCall) {
        guard !call.isOpen, sequencer.hasRoom else { return }
        if !calls.contains(where: { $0 === call }) { calls.append(call) }
        call.open()
        sequencer.take(Submission(call.work) { call.take($0) }, at: now)
    }

    private func knownID() -> ProfileID { .known("k\(draw(4))") }

    private func someID() -> ProfileID {
        draw(2) == 0 ? knownID() : .anonymous("a\(draw(6))")
    }

    private func newCall() -> SimulatedCall {
        if draw(4) == 0 {
            messages += 1
            let request = draw(3) > 0 ? MessageHash(id: messages, content: messages) : nil
            return SimulatedCall(.inputs([.ask(OfferQuestion(ids: someIDs(), request: request))]))
        }
        let count = draw(6) == 0 ? draw(9) + 1 : 1
        return SimulatedCall(.inputs((0..<count).map { _ in .event(event(isAnswered: count == 1)) }))
    }

    private func someIDs() -> [ProfileID] {
        let user = draw(4)
        switch draw(8) {
        case 0: return [.known("k\(user)"), .anonymous("a\(draw(6))")]
        case 1..<5: return [.known("k\(user)")]
        default: return [.anonymous("a\(draw(6))")]
        }
    }

    private func event(isAnswered: Bool) -> IncomingEvent {
        messages += 1
        let names = ["page", "page", "cart", "purchase", "failed", "complaint", "click"]
        let late = draw(8) == 0 ? draw(3_000_000) : draw(2_000)
        var incoming = IncomingEvent(
            ids: someIDs(),
            event: Event(
                user: "", name: random.pick(names), time: now - TimeSpan(milliseconds: Int64(late))),
            message: MessageHash(id: messages, content: messages), isAnswered: isAnswered)
        if draw(10) == 0 { incoming.zone = random.pick(["Europe/Amsterdam", "Asia/Tokyo"]) }
        if draw(12) == 0 { incoming.flags = .corrected }
        if draw(15) == 0 {
            let purpose = draw(3) == 0 ? "collect" : "personalise"
            incoming.consent = [.init(purpose, draw(3) > 0)]
        }
        if draw(6) == 0, let seen = deliveries().last, draw(2) == 0 {
            incoming.feedback = DeliveryFeedback(
                record: seen.record, kind: draw(2) == 0 ? .dismissed : .clicked)
        }
        return incoming
    }

    /// The deliveries that clients have seen.
    private func deliveries() -> [Delivery] {
        calls.suffix(10).flatMap(\.answers).flatMap { $0 }.compactMap {
            if case .taken(let answer) = $0 { answer.delivery } else { nil }
        }
    }

    // MARK: The disk

    private func planFates() {
        guard isFaulty else { return }
        let fates = (0..<3).map { _ in random.pick(SimulatedFate.allCases) }
        switch home {
        case .files(let log, let states):
            log.plan(fates)
            states.fail(draw(3))
        case .rows(let server): server.plan(fates)
        }
    }

    private func close() {
        guard commit == nil else { return }
        commit = sequencer.closeGroup(at: now, isForced: draw(4) == 0)
    }

    /// Does the next part of a commit: the storing, a look at its fate, or its end.
    private func advanceCommit() {
        guard let commit else { return }
        guard let known = outcome else {
            outcome = commit.store()
            return
        }
        if known.isUnknown {
            sequencer.conclude(known, at: now)
            outcome = commit.settle()
            if outcome?.isUnknown ?? true { return }
        }
        let ended = outcome ?? known
        (self.commit, outcome) = (nil, nil)
        sequencer.conclude(ended, at: now)
    }

    private func sweep() {
        guard let embedded, case .files(_, let states) = home else { return }
        if let slice {
            var fault: StorageError?
            do throws(StorageError) { try states.write(slice) } catch { fault = error }
            embedded.didWriteSlice(slice, fault)
            self.slice = nil
        } else {
            if draw(3) == 0 { embedded.beginSweep() }
            slice = embedded.sweep(rows: draw(3) + 1)
            if slice == nil { purge() }
        }
    }

    private func purge() {
        guard let embedded, let erasure = embedded.erasures.first, commit == nil, !sequencer.hasOpenErasures
        else { return }
        do throws(StorageError) {
            try embedded.purge(erasure).run()
            embedded.didPurge(erasure)
        } catch {
            return
        }
    }

    private func crash() throws {
        for call in calls { call.hangUp() }
        // The commit may have been under way.
        if let commit, outcome == nil, draw(2) == 0 { _ = commit.store() }
        (commit, outcome, slice) = (nil, nil, nil)
        switch home {
        case .files(let log, let states):
            log.restart()
            states.crash(losing: draw(3))
        case .rows(let server): server.crash()
        }
        (sequencer, embedded) = try Self.start(home, policy, at: now, stopwatch)
    }

    /// Ends all faults, and lets everything that waits come to its end.
    private func quiesce() throws {
        switch home {
        case .files(let log, let states):
            log.plan([])
            states.fail(0)
        case .rows(let server): server.plan([])
        }
        sequencer.silence = nil
        for _ in 0..<200 {
            now = now + TimeSpan(milliseconds: 1_000)
            for call in calls where call.answers.isEmpty { send(call) }
            close()
            if commit == nil { commit = sequencer.closeGroup(at: now, isForced: true) }
            for _ in 0..<4 { advanceCommit() }
            sweep()
            if commit == nil, sequencer.parkedCount == 0, !calls.contains(where: \.answers.isEmpty),
                slice == nil, embedded?.erasures.isEmpty ?? true
            {
                return
            }
        }
        let open = calls.filter(\.answers.isEmpty)
        throw StorageError.failed(
            "the world does not come to rest: \(open.count) calls without an answer, "
                + "\(sequencer.parkedCount) parked inputs, "
                + "\(embedded?.erasures.count ?? 0) erasures, hasRoom \(sequencer.hasRoom)")
    }

    // MARK: What is left

    /// The records of the log, in order; those that were erased are missing.
    func records() throws -> [DecisionRecord] {
        switch home {
        case .files(let log, _):
            return try log.records(from: 1, limit: .max, bytes: .max).compactMap { record in
                guard record.body.first != 0 else { return nil }
                return try DecisionRecord(number: UInt64(record.number), packed: record.body)
            }
        case .rows(let server):
            return try server.records.sorted { $0.key < $1.key }.map {
                try DecisionRecord(number: $0.key, packed: $0.value)
            }
        }
    }

    /// The profiles after a new start, by their numbers.
    func profiles(_ numbers: [UInt64]) throws -> [UInt64: [UInt8]] {
        switch home {
        case .rows(let server): return server.rows
        case .files:
            try crash()
            var found: [UInt64: [UInt8]] = [:]
            for number in numbers { found[number] = try embedded?.profile(number)?.packed() }
            return found
        }
    }
}
