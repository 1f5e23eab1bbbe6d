import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetService
import LimpetTestSupport
import Synchronization

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time: Mutex<Timestamp>

    /// 2025-01-15T12:00:00Z.
    static let noon = Timestamp(milliseconds: 1_736_942_400_000)

    init(_ time: Timestamp = TestClock.noon) { self.time = Mutex(time) }

    var now: Timestamp { time.withLock { $0 } }

    func move(_ milliseconds: Int64) {
        time.withLock { $0 = $0 + TimeSpan(milliseconds: milliseconds) }
    }
}

/// Runs a real service on a free port for the time of a test.
struct LiveService {
    var file: String
    var clock = TestClock()
    var keys = AccessKeys()
    var log: EventLog?
    var bodyLimit = ServiceConfiguration.defaultBodyLimit
    var port = 0
    var policy = LiveService.openPolicy

    /// One offer for everybody, no holdout.
    static let openPolicy = Policy(offers: [
        Policy.Offer(id: "hello", title: "Hello", body: "There", condition: .score(Bounds(atLeast: 0)))
    ])

    func run(_ body: @escaping @Sendable (HTTPClient) async throws -> Void) async throws {
        let configuration = try ServiceConfiguration(
            port: port, keys: keys, reserve: 0, bodyLimit: bodyLimit, now: { [clock] in clock.now },
            boot: { [clock] in clock.now.milliseconds }, timerWait: TimeSpan(milliseconds: 0),
            zone: { $0 == "UTC" ? .utc : nil })
        let service = try TriggerService(
            model: TestModel.verified(), policy: policy, database: file, configuration: configuration,
            events: log)
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ready.finish() }
                try await service.run(stopsOnSignals: false) { ready.yield($0) }
            }
            for await port in ports {
                try await body(HTTPClient(port: port))
                group.cancelAll()
                break
            }
            try await group.waitForAll()
        }
    }
}
