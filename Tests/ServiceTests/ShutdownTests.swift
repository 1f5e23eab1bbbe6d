import Foundation
import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetService
import LimpetStorage
import LimpetTestSupport
import Testing

/// A service that is told to stop by a signal, in a process of its own.
@Suite struct ShutdownTests {
    /// Runs a service that sends itself a signal after one event and returns once it has stopped.
    @Sendable private static func serveUntil(_ signal: Int32, path: String, leavesConnectionOpen: Bool)
        async throws
    {
        let configuration = try ServiceConfiguration(port: 0, zone: { _ in nil })
        let service = try TriggerService(
            model: TestModel.verified(), policy: LiveService.openPolicy, store: EventStore(path: path),
            configuration: configuration)
        try await service.run { port in
            let client = HTTPClient(port: port)
            let answer = try? await client.post("/v1/track", #"{"userId": "anna", "event": "page"}"#)
            if answer?.status != 200 { exit(3) }
            if leavesConnectionOpen, HTTPClient.connect(port: port) < 0 { exit(4) }
            // When the signal was sent, whatever it took to come so far on a busy machine.
            let sent = Date().timeIntervalSince1970
            guard (try? "\(sent)".write(toFile: path + ".sent", atomically: true, encoding: .utf8)) != nil
            else {
                exit(5)
            }
            kill(getpid(), signal)
        }
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
        let sent = try #require(
            Double(String(contentsOfFile: folder.file() + ".sent", encoding: .utf8)))
        #expect(Date().timeIntervalSince1970 - sent < 50)
        let events = try await EventStore(path: folder.file()).events(after: 0, limit: 10)
        #expect(events.map(\.event.user) == ["anna", "anna"])
    }
}
