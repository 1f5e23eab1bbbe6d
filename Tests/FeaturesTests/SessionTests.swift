import LimpetEvents
import LimpetFeatures
import Testing

@Suite struct SessionTests {
    private static let minute: Int64 = 60_000
    private static let day: Int64 = 86_400_000
    private let set = FeatureSet(systemEvents: ["offer_shown"], features: [])

    private func sessions(_ offsets: [Int64], window: TimeSpan? = nil, system: [Int64] = []) throws -> Double
    {
        let events =
            offsets.map { TestLog.event("page", $0) } + system.map { TestLog.event("offer_shown", $0) }
        return try TestLog.number(Feature(kind: .sessions, window: window), events, in: set)
    }

    @Test("30 minutes apart is the same session, 1 ms more is a new one")
    func gap() throws {
        #expect(try sessions([-100 * Self.minute, -70 * Self.minute]) == 1)
        #expect(try sessions([-100 * Self.minute - 1, -70 * Self.minute]) == 2)
        #expect(try sessions([-100 * Self.minute, -70 * Self.minute, -40 * Self.minute]) == 1)
    }

    @Test("events of the service neither start nor extend a session")
    func systemEvents() throws {
        #expect(try sessions([], system: [-Self.minute]) == 0)
        #expect(try sessions([-100 * Self.minute, -60 * Self.minute], system: [-80 * Self.minute]) == 2)
    }

    @Test("a session is counted where it starts, over the full history")
    func start() throws {
        let window = TimeSpan.days(1)
        #expect(
            try sessions([-Self.day - 10 * Self.minute, -Self.day + 10 * Self.minute], window: window) == 0)
        #expect(try sessions([-Self.day, -Self.day + 10 * Self.minute], window: window) == 1)
        #expect(try sessions([-10, 0, 10], window: window) == 1)
        #expect(try sessions([0], window: window) == 0)
    }

    @Test("the gap is the feature set's")
    func otherGap() throws {
        let set = FeatureSet(sessionGap: .second, features: [])
        let feature = Feature(kind: .sessions)
        #expect(
            try TestLog.number(feature, [TestLog.event("a", -2_000), TestLog.event("a", -1_000)], in: set)
                == 1)
        #expect(
            try TestLog.number(feature, [TestLog.event("a", -2_001), TestLog.event("a", -1_000)], in: set)
                == 2)
    }
}
