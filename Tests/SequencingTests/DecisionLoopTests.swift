import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetSequencing
import LimpetStorage
import LimpetTestSupport
import Synchronization
import Testing

@Suite struct DecisionLoopTests {
    private static func start(
        _ log: any RecordStorage, _ states: any StateStorage, limits: DecisionLoop.Limits = .init()
    ) throws -> DecisionLoop {
        let policy = try SimulationTests.compiled.get()
        let loop = DecisionLoop(limits: limits)
        loop.start {
            let store = try EmbeddedStore(
                log: log, states: states, features: policy.features, hashing: KeyedHash(key: [1]),
                memory: 1 << 26)
            try store.recover()
            let clock = try SteadyClock(
                wall: SimulatedClock.wall(), boot: SimulatedClock.boot(), last: store.lastTime())
            let sequencer = Sequencer(
                store: store, policy: policy, now: clock.latest, stopwatch: LoopState.nanoseconds)
            return LoopState(
                sequencer: sequencer, store: store, clock: clock, wall: SimulatedClock.wall,
                boot: SimulatedClock.boot)
        } failed: { error in
            Issue.record(error)
        }
        return loop
    }

    private static func event(_ user: String, _ message: UInt64) -> ProfileInput {
        .event(
            IncomingEvent(
                ids: [.known(user)], event: Event(user: "", name: "page", time: SimulatedClock.wall()),
                message: MessageHash(id: message, content: message)))
    }

    private static func ask(_ loop: DecisionLoop, _ inputs: [ProfileInput]) async -> Reply {
        await withCheckedContinuation { continuation in
            let isTaken = loop.submit(Submission(inputs) { continuation.resume(returning: $0) }, bytes: 100)
            if !isTaken { continuation.resume(returning: .failed("overloaded")) }
        }
    }

    @Test("requests of many threads are answered, stored once, and found after a stop")
    func manyClients() async throws {
        let temporary = try TemporaryFolder()
        func open() throws -> (DatabaseFolder, RecordLog, StateTable) {
            let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
            return (folder, try RecordLog(folder: folder), try StateTable(folder: folder))
        }
        let (folder, log, states) = try open()
        let loop = try Self.start(log, states)
        let answered = await withTaskGroup(of: Int.self) { group in
            for client in 0..<16 {
                group.addTask {
                    var done = 0
                    for round in 0..<25 {
                        let message = UInt64(client * 1_000 + round)
                        let reply = await Self.ask(loop, [Self.event("u\(message % 7)", message)])
                        if case .done(let answers) = reply, case .taken? = answers.first { done += 1 }
                        // The same again is a repetition.
                        let again = await Self.ask(loop, [Self.event("u\(message % 7)", message)])
                        if case .done(let answers) = again, case .repetition? = answers.first { done += 1 }
                    }
                    return done
                }
            }
            return await group.reduce(0, +)
        }
        #expect(answered == 800)
        loop.stop()
        #expect(log.lastNumber == 400)
        states.close()
        log.close()
        folder.close()
        let (folderAgain, logAgain, statesAgain) = try open()
        let second = try Self.start(logAgain, statesAgain)
        let reply = await Self.ask(second, [Self.event("u0", 1_001), Self.event("u0", 99_999)])
        guard case .done(let answers) = reply, case .repetition = answers[0], case .taken = answers[1] else {
            Issue.record("expected a repetition and a new event, found \(reply)")
            return
        }
        second.stop()
        #expect(logAgain.lastNumber == 401)
        statesAgain.close()
        logAgain.close()
        folderAgain.close()
    }

    @Test("what cannot be stored is refused, what is too much is not taken")
    func refusals() async throws {
        let log = SimulatedLog()
        var limits = DecisionLoop.Limits()
        limits.bytes = 1_000
        let loop = try Self.start(log, SimulatedStates(), limits: limits)
        #expect(!loop.submit(Submission([Self.event("u", 1)]) { _ in }, bytes: 1_001))
        let first = await Self.ask(loop, [Self.event("u", 1)])
        guard case .done = first else {
            Issue.record("\(first)")
            return
        }
        log.plan([.failed, .unknownStored])
        guard case .failed = await Self.ask(loop, [Self.event("u", 2)]) else {
            Issue.record("expected that the event was not stored")
            return
        }
        guard case .failed = await Self.ask(loop, [Self.event("u", 3)]) else {
            Issue.record("expected that it is not known whether the event was stored")
            return
        }
        var again = await Self.ask(loop, [Self.event("u", 3)])
        while case .failed = again { again = await Self.ask(loop, [Self.event("u", 3)]) }
        guard case .done(let answers) = again, case .repetition? = answers.first else {
            Issue.record("expected that the event had been stored, found \(again)")
            return
        }
        loop.stop()
        #expect(loop.current.counts.unknown == 1 && loop.current.counts.failures == 1)
    }
}
