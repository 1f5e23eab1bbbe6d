import LimpetEvents
import LimpetFeatures
import Testing

@Suite struct SilenceProfileTests {
    private static let end = Timestamp(milliseconds: 20 * 86_400_000)

    private func profile(_ days: [String: [Double]], events: EventPattern = .any, until end: Timestamp = end)
        throws
        -> SilenceProfile
    {
        var builder = EventLogBuilder()
        for (user, times) in days {
            for day in times {
                let time = Timestamp(milliseconds: Int64(day * 86_400_000))
                try builder.append(Event(user: user, name: "page", time: time))
            }
        }
        try builder.append(Event(user: "shown only", name: "offer_shown", time: Timestamp(milliseconds: 0)))
        return SilenceProfile(builder.finish(), events: events, systemEvents: ["offer_shown"], until: end)
    }

    private func row(_ profile: SilenceProfile, _ days: Int64) throws -> SilenceProfile.Row {
        try #require(profile.rows.first { $0.silence == .days(days) })
    }

    @Test("silences are counted once they are long enough and could be observed as long again")
    func counts() throws {
        // a is silent for 1, 3, 10 and 6 days (to the end), b for 5 and 13, c for 20.
        let profile = try profile(["a": [0, 1, 4, 14], "b": [2, 7], "c": [0]])
        // One day: all seven silences; 1 itself is no return within two days of it... only a's first returns.
        #expect(try row(profile, 1).count == 7)
        #expect(try row(profile, 1).returned == 1)
        // Three days: 3, 10, 6, 5, 13, 20; those that ended before six days: 3 and 5.
        #expect(try row(profile, 3).count == 6)
        #expect(try row(profile, 3).returned == 2)
        // Five days: 10, 5, 13, 20 and 6 of a from day 14, which cannot be observed until day 24.
        #expect(try row(profile, 5).count == 4)
        #expect(try row(profile, 5).returned == 1)
        // Seven days: 10 and 20; b's 13 from day 7 cannot be observed until day 21; 10 ended before 14.
        #expect(try row(profile, 7).count == 2)
        #expect(try row(profile, 7).returned == 1)
        // Ten days: c's 20 is observed to its last millisecond; a's 10 from day 4 cannot be observed until
        // day 24.
        #expect(try row(profile, 10).count == 1)
        #expect(try row(profile, 10).returnShare == 0)
        #expect(try row(profile, 14).returnShare == nil)
    }

    @Test("the silent share is of users by their last event")
    func silentShare() throws {
        let profile = try profile(["a": [0, 1, 4, 14], "b": [2, 7], "c": [0]])
        #expect(try row(profile, 5).silentShare == 1)
        #expect(try row(profile, 7).silentShare == 2.0 / 3)
        #expect(try row(profile, 14).silentShare == 1.0 / 3)
        #expect(try row(profile, 21).silentShare == 0)
    }

    @Test("the median gap is of all gaps between a user's events")
    func medianGap() throws {
        #expect(try profile(["a": [0, 1, 4, 14], "b": [2, 7]]).medianGapDays == 5)
        #expect(try profile(["a": [0, 1, 4], "b": [2, 7]]).medianGapDays == 3)
        #expect(try profile(["a": [0], "b": [2]]).medianGapDays == nil)
    }

    @Test("a silence that ends exactly after twice its length did not end within it")
    func edge() throws {
        #expect(try row(profile(["a": [0, 4]]), 2).returned == 0)
        #expect(try row(profile(["a": [0, 3.999]]), 2).returned == 1)
        #expect(try row(profile(["a": [0, 2]]), 2).returned == 1)
        #expect(try row(profile(["a": [0, 1.999]]), 2).returned == 0)
    }

    @Test("events at or after the end are not looked at")
    func end() throws {
        let early = Timestamp(milliseconds: 10 * 86_400_000)
        let known = try profile(["a": [0, 1, 4], "b": [2, 7]], until: early)
        let later = try profile(["a": [0, 1, 4, 14], "b": [2, 7, 10], "c": [12]], until: early)
        #expect(known.rows == later.rows)
        #expect(known.medianGapDays == later.medianGapDays)
    }

    @Test("only the events meant count")
    func pattern() throws {
        let profile = try profile(["a": [0, 5]], events: EventPattern(names: ["offer_shown"]))
        #expect(profile.medianGapDays == nil)
        #expect(try row(profile, 10).count == 1)
    }

    @Test("a length is suggested once few come back and enough silences were seen")
    func suggestion() throws {
        let quick = Dictionary(uniqueKeysWithValues: (0..<60).map { ("q\($0)", [0.0, 1.5]) })
        let gone = Dictionary(uniqueKeysWithValues: (0..<60).map { ("g\($0)", [0.0]) })
        let profile = try profile(quick.merging(gone) { first, _ in first })
        #expect(profile.suggestion() == .days(2))
        #expect(profile.suggestion(returnShare: 0.5) == .days(1))
        #expect(profile.verdict(returnShare: 0.5) == .goneAfter(.days(1)))
    }

    @Test("a length is suggested only where each longer one keeps the promise too")
    func longer() throws {
        // Who buys each week comes back within no day after the first, but does so between the fifth and the
        // tenth; after two weeks nobody does.
        let weekly = Dictionary(uniqueKeysWithValues: (0..<120).map { ("w\($0)", [0.0, 7, 14]) })
        let profile = try profile(weekly, until: Timestamp(milliseconds: 60 * 86_400_000))
        #expect(try row(profile, 1).returnShare == 0 && row(profile, 5).returnShare ?? 0 > 0.6)
        #expect(profile.suggestion() == .days(10))
    }

    @Test("rows with few silences decide nothing")
    func tooLittle() throws {
        let few = try profile(["a": [0]])
        #expect(few.verdict() == .tooLittle)
        #expect(few.suggestion() == nil)
        let none = try profile([:], events: EventPattern(names: ["nosuch"]))
        #expect(none.verdict() == .tooLittle)
        // 99 users of whom nobody comes back, then 100.
        for count in [99, 100] {
            let gone = Dictionary(uniqueKeysWithValues: (0..<count).map { ("g\($0)", [0.0]) })
            let verdict = try profile(gone).verdict()
            #expect(verdict == (count == 100 ? .goneAfter(.days(1)) : .tooLittle))
        }
    }

    @Test("users who come back after every telling length are said to, up to the longest of them")
    func comesBack() throws {
        let back = Dictionary(uniqueKeysWithValues: (0..<100).map { ("b\($0)", [0.0, 1.5]) })
        // On day 3 the silence after the return is too young to count.
        let profile = try profile(back, until: Timestamp(milliseconds: 3 * 86_400_000))
        #expect(try row(profile, 1).returned == 100)
        #expect(profile.verdict() == .comesBack(upTo: .days(1)))
        #expect(profile.suggestion() == nil)
    }

    @Test("silences from before recording began do not count: who left then is not in the log")
    func recordingBegan() throws {
        let end = Timestamp(milliseconds: 60 * 86_400_000)
        // Recording begins on day 28; of the old users only the sign-ups of those are known who came back.
        let daily = (28..<60).map(Double.init)
        var users = Dictionary(uniqueKeysWithValues: (0..<20).map { ("r\($0)", daily) })
        users.merge((0..<10).map { ("old\($0)", [Double($0), 31.0]) }) { first, _ in first }
        let profile = try profile(users, until: end)
        #expect(profile.wholeFrom == Timestamp(milliseconds: 28 * 86_400_000))
        #expect(try row(profile, 14).count == 10)
        #expect(try row(profile, 14).returned == 0)
        #expect(try row(profile, 21).count == 0)
    }

    @Test("a log that is even from its first week on counts as a whole")
    func even() throws {
        let profile = try profile(["a": (0..<20).map(Double.init), "b": [1, 9]])
        #expect(profile.wholeFrom == nil)
    }
}
