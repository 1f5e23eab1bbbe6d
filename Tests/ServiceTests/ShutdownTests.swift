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
    /// Runs a service that sends itself a signal after one event.
    @Sendable private static func serveUntil(_ signal: Int32, path: String, leavesConnectionsOpen: Bool)
        async throws
    {
        let configuration = try ServiceConfiguration(port: 0, reserve: 0, zone: { _ in nil })
        let service = try TriggerService(
            model: TestModel.verified(), policy: LiveService.openPolicy, database: path,
            configuration: configuration)
        try await service.run { port in
            let client = HTTPClient(port: port)
            let answer = try? await client.post("/v1/track", #"{"userId": "anna", "event": "page"}"#)
            if answer?.status != 200 { exit(3) }
            if leavesConnectionsOpen { leaveConnectionsOpen(port) }
            kill(getpid(), signal)
        }
    }

    /// Leaves a connection on which nothing is sent, and one whose request never ends: a byte is sent ten
    /// times a second, so that it is never idle, and a service that waited for it would not end before this
    /// gives up.
    private static func leaveConnectionsOpen(_ port: Int) {
        let (silent, busy) = (HTTPClient.connect(port: port), HTTPClient.connect(port: port))
        if silent < 0 || busy < 0 { exit(4) }
        let start = Array("GET / HTTP/1.1\r\nX: ".utf8)
        if send(busy, start, start.count, Int32(MSG_NOSIGNAL)) != start.count { exit(4) }
        Thread.detachNewThread {
            for _ in 0..<3_000 {
                usleep(100_000)
                // Once the service has closed the connection there is nothing more to check.
                if send(busy, [UInt8(ascii: "x")], 1, Int32(MSG_NOSIGNAL)) != 1 { return }
            }
            exit(5)
        }
    }

    @Test("a signal stops the service cleanly, whatever connections are open")
    func signals() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .success) { [path = folder.file() as String] in
            try await Self.serveUntil(SIGTERM, path: path, leavesConnectionsOpen: false)
        }
        await #expect(processExitsWith: .success) { [path = folder.file() as String] in
            try await Self.serveUntil(SIGINT, path: path, leavesConnectionsOpen: true)
        }
        let log = try RecordLog(folder: DatabaseFolder(path: folder.file(), reserve: 0))
        #expect(log.lastNumber == 2)
        log.close()
    }
}
