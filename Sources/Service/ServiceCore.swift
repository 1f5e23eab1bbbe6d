import Dispatch
import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetSequencing
import LimpetStorage
import Synchronization

/// The database of a running service and the loop of its decisions: what the routes ask.
final class ServiceCore: Sendable {
    let policy: CompiledPolicy
    let generations: Generations
    let secrets: ServiceSecrets
    let loop: DecisionLoop
    let log: RecordLog
    private let start = Mutex(Start.reading(done: 0, all: 0))

    /// The state of a start.
    enum Start: Sendable {
        /// Records are repeated that the table of states does not have.
        case reading(done: UInt64, all: UInt64)
        /// It serves.
        case ready
        /// It cannot serve.
        case failed(SteadyClockError?, String)
    }

    init(
        policy: CompiledPolicy, generations: Generations, secrets: ServiceSecrets, log: RecordLog
    ) {
        (self.policy, self.generations, self.secrets, self.log) = (policy, generations, secrets, log)
        loop = DecisionLoop()
    }

    /// The state of the start.
    var state: Start { start.withLock { $0 } }

    func note(_ state: Start) { start.withLock { $0 = state } }

    /// Waits until it serves, or cannot; true if it serves.
    func start() async -> Bool {
        while case .reading = state {
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return false }
        }
        if case .ready = state { return true }
        return false
    }

    /// The error with which the start failed.
    var startError: any Error {
        guard case .failed(let clock, let reason) = state else { return CancellationError() }
        return clock.map { TriggerServiceError.clock($0) } ?? TriggerServiceError.cannotStart(reason: reason)
    }

    /// Finds out whether the disk takes writes again.
    func probe() async throws(ServiceError) {
        let result: Result<Void, StorageError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [log] in
                do throws(StorageError) {
                    try log.set(LogSetting(key: "probe", value: []))
                    continuation.resume(returning: .success(()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        if case .failure(let error) = result { throw ServiceError(error) }
    }

    /// Makes the state of the loop: repeats the records that the table of states does not have.
    func open(states: StateTable, _ configuration: ServiceConfiguration) throws -> LoopState {
        let store = try EmbeddedStore(
            log: log, states: states, features: policy.features, hashing: secrets.ids,
            memory: configuration.memory)
        for erasure in store.erasures {
            try store.purge(erasure).run()
            store.didPurge(erasure)
        }
        try store.recover { note(.reading(done: $0.done, all: $0.all)) }
        let clock = try SteadyClock(
            wall: configuration.now(), boot: configuration.boot(), last: store.lastTime(),
            isAccepted: configuration.acceptsClock)
        var limits = Sequencer.Limits()
        limits.timerWait.start = configuration.timerWait
        let sequencer = Sequencer(
            store: store, policy: policy, generation: generations.current, limits: limits, now: clock.latest,
            stopwatch: LoopState.nanoseconds)
        let state = LoopState(
            sequencer: sequencer, store: store, clock: clock, wall: configuration.now,
            boot: configuration.boot)
        state.isSilenced = try log.setting(Self.silence) == [1]
        return state
    }

    private static let silence = "silence"

    /// Stores that all offers are stopped, so that a start knows it, too.
    func store(silence isOn: Bool) throws(StorageError) {
        try log.set(LogSetting(key: Self.silence, value: [isOn ? 1 : 0]))
    }

    // MARK: Inputs

    /// Takes inputs, and returns their answers once they may be told.
    ///
    /// - Parameter bytes: the size of the request, by which waiting ones are bounded.
    func take(_ work: Submission.Work, bytes: Int) async throws(ServiceError) -> [InputAnswer] {
        guard case .ready = state else { throw notReady }
        let reply = await withCheckedContinuation { continuation in
            let submission = Submission(work) { continuation.resume(returning: $0) }
            if !loop.submit(submission, bytes: bytes) {
                continuation.resume(returning: .failed(Self.overload))
            }
        }
        switch reply {
        case .done(let answers): return answers
        case .failed(let reason):
            throw reason.isVerbatim(Self.overload) ? .overloaded : .unavailable(reason)
        }
    }

    private static let overload = "overloaded"

    /// The refusal of a request while the database is read.
    var notReady: ServiceError {
        switch state {
        case .reading(let done, let all): .unavailable("starting: \(done) of \(all) records are read")
        case .failed(_, let reason): .unavailable(reason)
        case .ready: .unavailable("starting")
        }
    }

    // MARK: Looks

    /// Does something on the thread of the loop, between two steps.
    func look<Value: Sendable>(
        _ body: @escaping @Sendable (LoopState) throws(StorageError) -> Value
    ) async throws(ServiceError) -> Value {
        guard case .ready = state else { throw notReady }
        let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
            loop.perform { state in
                do throws(StorageError) {
                    continuation.resume(returning: .success(try body(state)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw ServiceError(error)
        }
    }

    /// Returns a user's profile; nil where there is none.
    func profile(_ id: ProfileID) async throws(ServiceError) -> Profile? {
        try await look { (state) throws(StorageError) in try state.store.profile(id) }
    }

    /// Returns a record; nil where there is none, or it was erased.
    func record(_ number: UInt64) throws(ServiceError) -> DecisionRecord? {
        do throws(StorageError) { return try ProfileChain(log).record(number) } catch {
            throw ServiceError(error)
        }
    }

    /// Returns the number of the profile that a delivery was decided for; nil where there is no such one.
    func owner(_ receipt: ReceiptID) -> UInt64? {
        guard receipt.record <= UInt64(log.lastNumber), let record = try? record(receipt.record),
            record.header.epoch == receipt.epoch
        else { return nil }
        return record.header.profile
    }

    /// Returns the JSON of a receipt.
    func receipt(_ record: DecisionRecord, _ index: Int) throws(ServiceError) -> JSON {
        do throws(StorageError) {
            let policy = try generations.policy(record.header.generation)
            return ReceiptDocument(record, index: index, policy: policy, user: "").json
        } catch {
            throw ServiceError(error)
        }
    }
}
