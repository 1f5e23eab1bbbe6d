import Glibc
import Hummingbird
import HummingbirdCore
public import LimpetDecisions
public import LimpetEvents
public import LimpetFeatures
public import LimpetScoring
public import LimpetStorage
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The trigger service: takes in events over HTTP, keeps them, and answers whether there is something for a
/// user now.
///
/// ```swift
/// let service = try TriggerService(model: model, policy: policy, store: store, configuration: configuration)
/// try await service.warm(log)
/// try await service.run { port in print("listening on \(port)") }
/// ```
public struct TriggerService: Sendable {
    private let engine: Engine
    private let store: EventStore
    private let configuration: ServiceConfiguration
    private let routes: Routes

    /// How long answers that are under way may take once the service is told to stop.
    private static let shutdownLimit = Duration.seconds(10)

    /// Makes a service that does not listen yet.
    ///
    /// - Parameter store: the durable state; ``run(stopsOnSignals:onReady:)`` closes it.
    /// - Throws: `DecisionCoreError` when the model and the policy do not go together.
    public init(
        model: ModelFile.Verified, policy: Policy, store: EventStore, configuration: ServiceConfiguration
    ) throws(DecisionCoreError) {
        let core = try DecisionCore(policy: policy, model: model)
        engine = Engine(core: core)
        self.store = store
        self.configuration = configuration
        routes = Routes(
            engine: engine, store: store,
            intake: Intake(plan: core.plan, tolerance: core.clockTolerance, zone: configuration.zone),
            configuration: configuration, counters: ServiceCounters())
    }

    /// Fills the service with the past: events that it has not taken in itself. To be called before
    /// ``run(stopsOnSignals:onReady:)``. The log should hold the policy's `textProperties` too.
    ///
    /// - Throws: `MissingColumnError` when the log lacks a property that the model reads.
    public func warm(_ log: EventLog) async throws(MissingColumnError) {
        try await engine.warm(log)
    }

    /// Restores the durable state, listens, and returns after SIGTERM or SIGINT, when what was under way has
    /// been answered, or after the task's cancellation, which waits for no answer. The store is closed then.
    ///
    /// - Parameters:
    ///   - stopsOnSignals: whether SIGTERM and SIGINT are handled here.
    ///   - onReady: told of the port once requests are taken.
    /// - Throws: ``TriggerServiceError`` when the port cannot be listened on, `StorageError` when the state
    ///   cannot be read.
    public func run(
        stopsOnSignals: Bool = true, onReady: @escaping @Sendable (_ port: Int) async -> Void
    ) async throws {
        try await engine.restore(from: store)
        await store.observe { [engine] events in await engine.take(events) }
        do {
            try await listen(stopsOnSignals: stopsOnSignals, onReady: onReady)
        } catch is CancellationError {
            // The task that ran the service was cancelled: that is one of the ways to stop it.
        } catch {
            await store.close()
            throw error
        }
        await store.close()
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
                // Requests are taken only when this returns, and `onReady` may want to send one.
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

/// Why the service does not run.
public enum TriggerServiceError: Error, CustomStringConvertible {
    /// The address cannot be listened on, e.g. because another process does.
    case cannotListen(host: String, port: Int, reason: String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
        }
    }
}
