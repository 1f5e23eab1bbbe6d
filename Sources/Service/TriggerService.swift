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

/// A service that accepts events over HTTP, stores them, and answers whether there is an offer for a user
/// now.
///
///     let service = try TriggerService(
///         model: model, policy: policy, store: store, configuration: configuration)
///     try await service.warm(log)
///     try await service.run { port in print("listening on \(port)") }
public struct TriggerService: Sendable {
    private let engine: Engine
    private let store: EventStore
    private let configuration: ServiceConfiguration
    private let routes: Routes

    /// The maximum time for pending responses once the service is told to stop.
    private static let shutdownLimit = Duration.seconds(10)

    /// Creates a service that does not listen yet.
    ///
    /// - Parameter store: the durable state; ``run(stopsOnSignals:onReady:)`` closes it.
    /// - Throws: `DecisionCoreError` when the model and the policy do not fit each other.
    public init(
        model: ModelFile.Verified, policy: Policy, store: EventStore, configuration: ServiceConfiguration
    ) throws(DecisionCoreError) {
        let core = try DecisionCore(policy: policy, model: model)
        engine = Engine(core: core)
        self.store = store
        self.configuration = configuration
        routes = Routes(
            engine: engine, store: store,
            intake: Intake(
                plan: core.plan, tolerance: core.clockTolerance, earliest: configuration.earliest,
                zone: configuration.zone),
            configuration: configuration, counters: ServiceCounters())
    }

    /// Fills the service with past events that it has not received itself; call it before
    /// ``run(stopsOnSignals:onReady:)``.
    ///
    /// The log should hold the policy's `textProperties` too.
    ///
    /// - Throws: `MissingColumnError` when the log lacks a property that the model reads.
    public func warm(_ log: EventLog) async throws(MissingColumnError) {
        try await engine.warm(log)
    }

    /// Restores the durable state, listens, and returns after SIGTERM or SIGINT, once pending requests have
    /// been answered.
    ///
    /// It also returns after the task's cancellation, which does not wait for pending requests. The store is
    /// closed in both cases.
    ///
    /// - Parameters:
    ///   - stopsOnSignals: true to handle SIGTERM and SIGINT here.
    ///   - onReady: called with the port once requests are accepted.
    /// - Throws: ``TriggerServiceError`` when the service cannot listen on the port, `StorageError` when the
    ///   state cannot be read.
    public func run(
        stopsOnSignals: Bool = true, onReady: @escaping @Sendable (_ port: Int) async -> Void
    ) async throws {
        try await engine.restore(from: store)
        await store.observe { [engine] events in await engine.take(events) }
        do {
            try await listen(stopsOnSignals: stopsOnSignals, onReady: onReady)
        } catch is CancellationError {
            // Cancelling the task is one of the ways to stop the service.
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

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
        }
    }
}
