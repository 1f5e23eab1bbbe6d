import Foundation
import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetService
import LimpetStorage
import LimpetTestSupport
import Synchronization
import Testing

/// A service that is told to stop by a signal, in a process of its own.
@Suite struct ShutdownTests {
    /// Runs a service that sends itself a signal after one event, and writes the seconds from the signal to
    /// its end into a file: here, because the process that waits may be told of the end much later.
    @Sendable private static func serveUntil(_ signal: Int32, path: String, leavesConnectionOpen: Bool)
        async throws
    {
        let configuration = try ServiceConfiguration(port: 0, zone: { _ in nil })
        let service = try TriggerService(
            model: TestModel.verified(), policy: LiveService.openPolicy, store: EventStore(path: path),
            configuration: configuration)
        let sent = Mutex(ContinuousClock.now)
        try await service.run { port in
            let client = HTTPClient(port: port)
            let answer = try? await client.post("/v1/track", #"{"userId": "anna", "event": "page"}"#)
            if answer?.status != 200 { exit(3) }
            if leavesConnectionOpen, HTTPClient.connect(port: port) < 0 { exit(4) }
            sent.withLock { $0 = .now }
            kill(getpid(), signal)
        }
        let seconds = sent.withLock { (ContinuousClock.now - $0) / .seconds(1) }
        try "\(seconds)".write(toFile: path + ".stopped", atomically: true, encoding: .utf8)
    }

    private static let variable = "LIMPET_SHUTDOWN_TEST_FILE"
    private static var path: String { ProcessInfo.processInfo.environment[variable] ?? "" }

    @Test func aSignalStopsTheServiceCleanly() async throws {
        let folder = try TemporaryFolder()
        setenv(Self.variable, folder.file(), 1)
        await #expect(processExitsWith: .success) {
            try await Self.serveUntil(SIGTERM, path: Self.path, leavesConnectionOpen: false)
        }
        await #expect(processExitsWith: .success) {
            try await Self.serveUntil(SIGINT, path: Self.path, leavesConnectionOpen: true)
        }
        // An open connection would be idle for a minute; it must not be waited for that long.
        let seconds = try #require(
            Double(String(contentsOfFile: folder.file() + ".stopped", encoding: .utf8)))
        #expect(seconds < 50)
        let events = try await EventStore(path: folder.file()).events(after: 0, limit: 10)
        #expect(events.map(\.event.user) == ["anna", "anna"])
    }
}
