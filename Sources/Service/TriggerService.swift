import Glibc
import Hummingbird
import HummingbirdCore
public import LimpetDecisions
public import LimpetEvents
import LimpetFeatures
public import LimpetScoring
import LimpetSequencing
import LimpetStorage
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// A service that accepts events over HTTP, stores them, and decides what to offer, for each user.
///
///     let service = try TriggerService(
///         model: model, policy: policy, database: "limpet", configuration: configuration)
///     try await service.run { port in print("listening on \(port)") }
public struct TriggerService: Sendable {
    private let core: ServiceCore
    private let folder: DatabaseFolder
    private let states: StateTable
    private let configuration: ServiceConfiguration
    private let events: EventLog?
    private let routes: Routes

    /// The maximum time for pending responses once the service is told to stop.
    private static let shutdownLimit = Duration.seconds(10)

    /// Opens the database of a service, which does not listen yet.
    ///
    /// - Parameters:
    ///   - database: the folder of the database, which is made if there is none.
    ///   - events: a log of past events, which is taken in once.
    /// - Throws: `PolicyFitError` when the model and the policy do not fit each other, `StorageError` when
    ///   the database cannot be used.
    public init(
        model: ModelFile.Verified, policy: Policy, database: String, configuration: ServiceConfiguration,
        events: EventLog? = nil
    ) throws {
        let compiled = try CompiledPolicy(policy, model: model, zone: configuration.zone)
        // A log that lacks a property which the model reads is refused before anything is made.
        if let events { _ = try LogReader(events, plan: compiled.plan) }
        let folder = try DatabaseFolder(path: database, reserve: configuration.reserve)
        let log = try RecordLog(folder: folder)
        states = try StateTable(folder: folder)
        let secrets = try ServiceSecrets(log)
        let generations = try Generations(
            compiled, model: ModelFile.encode(model.scorer.model).bytes, log: log, zone: configuration.zone)
        let core = ServiceCore(policy: compiled, generations: generations, secrets: secrets, log: log)
        (self.core, self.folder, self.configuration, self.events) = (core, folder, configuration, events)
        routes = Routes(
            core: core,
            intake: Intake(
                policy: compiled, earliest: configuration.earliest, zone: configuration.zone,
                secrets: secrets, owner: { core.owner($0) },
                isInLog: { events?.messages.contains($0) ?? false }),
            configuration: configuration, counters: ServiceCounters())
    }

    /// Listens, reads the database, and returns after SIGTERM or SIGINT, once pending requests have been
    /// answered.
    ///
    /// The port is open at once; requests are refused as unavailable until the database is read. It also
    /// returns after the task's cancellation, which does not wait for pending requests. The database is
    /// closed in both cases.
    ///
    /// - Parameters:
    ///   - stopsOnSignals: true to handle SIGTERM and SIGINT here.
    ///   - onReady: called with the port once requests are served.
    /// - Throws: ``TriggerServiceError`` when the service cannot listen on the port, or cannot read the
    ///   database.
    public func run(
        stopsOnSignals: Bool = true, onReady: @escaping @Sendable (_ port: Int) async -> Void
    ) async throws {
        defer { close() }
        startLoop()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await listen(stopsOnSignals: stopsOnSignals) { port in
                        if await core.start() { await onReady(port) }
                    }
                    throw CancellationError()
                }
                group.addTask { if await !core.start() { throw core.startError } }
                for try await _ in group {}
            }
        } catch is CancellationError {
            // Cancelling the task is one of the ways to stop the service.
        }
    }

    private func startLoop() {
        let (core, states, configuration, events) = (core, states, configuration, events)
        core.loop.start {
            let state = try core.open(states: states, configuration)
            if let events {
                let past = EventImport(log: events, secrets: core.secrets)
                try past.run(state.sequencer, state.store, core.log, at: configuration.now()) { count in
                    core.note(.reading(done: UInt64(count), all: UInt64(events.count)))
                }
            }
            core.note(.ready)
            return state
        } failed: { error in
            core.note(.failed(error as? SteadyClockError, "\(error)"))
        }
    }

    /// Ends the loop after what it has taken, and closes the files.
    private func close() {
        core.loop.stop()
        states.close()
        core.log.close()
        folder.close()
    }

    private func listen(
        stopsOnSignals: Bool, onReady: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let (host, port) = (configuration.host, configuration.port)
        var logger = Logger(label: "limpet")
        logger.logLevel = .critical
        let application = Application(
            router: routes.router,
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "limpet"),
            onServerRunning: { channel in
                // Requests are accepted only when this closure returns, and `onReady` may want to send one.
                let port = channel.localAddress?.port ?? port
                Task { await onReady(port) }
            }, logger: logger)
        var settings = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: stopsOnSignals ? [.sigterm, .sigint] : [],
            logger: logger)
        settings.maximumGracefulShutdownDuration = Self.shutdownLimit
        do {
            try await ServiceGroup(configuration: settings).run()
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw TriggerServiceError.cannotListen(host: host, port: port, reason: reason)
        } catch let error as SocketAddressError {
            throw TriggerServiceError.cannotListen(host: host, port: port, reason: "\(error)")
        }
    }
}

/// An error that keeps the service from running.
public enum TriggerServiceError: Error, CustomStringConvertible {
    /// The service cannot listen on the address, e.g. because another process does.
    case cannotListen(host: String, port: Int, reason: String)
    /// The database cannot be read.
    case cannotStart(reason: String)
    /// The machine's clock lies far before the last record.
    case clock(SteadyClockError)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
        case .cannotStart(let reason): "cannot start: \(reason)"
        case .clock(let error): "\(error)"
        }
    }
}
