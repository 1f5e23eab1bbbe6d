import LimpetEvents
import LimpetFeatures
import Testing

/// Events by which users leave.
@Suite struct LeavingEventTests {
    /// A log of 60 users of whom a third have an event on day 10, and some come back after it.
    private func events(_ name: String, returning: Int = 0) throws -> [LeavingEvent] {
        var builder = EventLogBuilder()
        for user in 0..<60 {
            for day in 0..<9 { try append("visit", user, day, to: &builder) }
            guard user % 2 == 0 else { continue }
            try append(name, user, 10, to: &builder)
            if user / 2 < returning { try append("visit", user, 12, to: &builder) }
        }
        return LeavingEvent.all(in: builder.finish())
    }

    private func append(_ name: String, _ user: Int, _ day: Int, to builder: inout EventLogBuilder) throws {
        let time = Timestamp(milliseconds: Int64(day) * 86_400_000)
        try builder.append(Event(user: "u\(user)", name: name, time: time))
    }

    @Test(
        "names that say that somebody leaves are found",
        arguments: [
            "churned", "cancelled", "Subscription Cancelled", "accountClosed", "account_deleted",
            "unsubscribe",
            "withdrawn", "user_left",
        ])
    func found(name: String) throws {
        #expect(
            try events(name) == [LeavingEvent(name: name, users: 30, lastShare: 1, activityShare: 0)])
    }

    @Test(
        "other names, and events after which users go on, are not", arguments: ["purchase", "leftover_box"])
    func others(name: String) throws {
        #expect(try events(name).isEmpty)
        #expect(try events("order cancelled", returning: 10).isEmpty)
        #expect(try events("cancelled", returning: 6).first?.lastShare == 0.8)
    }

    @Test("mail that still goes to those who have left does not hide that they have")
    func mail() throws {
        var builder = EventLogBuilder()
        for user in 0..<60 {
            for day in 0..<50 { try append("visit", user, day, to: &builder) }
            if user % 2 == 0 { try append("withdrawn", user, 50, to: &builder) }
            for day in [60, 90] { try append("mail", user, day, to: &builder) }
            if user % 2 == 1 { for day in 51..<90 { try append("visit", user, day, to: &builder) } }
        }
        let found = try #require(LeavingEvent.all(in: builder.finish()).first)
        #expect(found.name == "withdrawn" && !found.isLast && found.activityShare < 0.06)
    }
}
