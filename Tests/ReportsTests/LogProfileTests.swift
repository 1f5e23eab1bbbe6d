import LimpetDocuments
import LimpetEvents
import LimpetReports
import LimpetTestSupport
import Testing

/// Each rule of the data profile, on a log that breaks it and on one that does not.
@Suite struct LogProfileTests {
    private static let start = Timestamp(milliseconds: 1_735_689_600_000)

    private func log(_ events: [Event], resolution: TimeResolution = .second) throws -> EventLog {
        var builder = EventLogBuilder()
        for event in events { try builder.append(event, resolution: resolution, addingColumns: true) }
        return builder.finish(keepsArrivals: true)
    }

    private func event(
        _ user: String, _ name: String, hour: Double, _ properties: VerbatimDictionary<String> = [:]
    ) -> Event {
        Event(
            user: user, name: name,
            time: Timestamp(milliseconds: Self.start.milliseconds + Int64(hour * 3_600_000)),
            properties: properties)
    }

    /// Twenty users who each come twice a day for some days, at hours of the day.
    private func regular(days: Int, users: Int = 20) -> [Event] {
        var events: [Event] = []
        for day in 0..<days {
            for user in 0..<users {
                for hour in [9.0, 15.0] {
                    let time = Double(day * 24) + hour + Double(user) / 60
                    events.append(event("u\(user)", "view", hour: time, ["page": "p\(user % 3)"]))
                }
            }
        }
        return events
    }

    private func profile(_ events: [Event], resolution: TimeResolution = .second) throws -> LogProfile {
        try LogProfile(log(events, resolution: resolution), zone: .utc)
    }

    private func texts(_ profile: LogProfile) -> String {
        profile.findings.map(\.text).joined(separator: "\n")
    }

    @Test("counts are those of the events")
    func counts() throws {
        let profile = try profile(regular(days: 70))
        #expect(profile.rows == 2_800 && profile.users == 20 && profile.days.counts.count == 70)
        #expect(profile.days.counts.allSatisfy { $0 == 40 })
        #expect(profile.hours[9] == 1_400 && profile.hours[15] == 1_400)
        #expect(profile.weekdays.reduce(0, +) == 2_800)
        // 2025-01-01 was a Wednesday.
        #expect(profile.weekdays == [400, 400, 400, 400, 400, 400, 400])
        #expect(profile.eventsPerUser.half == 140 && profile.eventsPerUser.most == 140)
        #expect(profile.events.map(\.name) == ["view"] && profile.events[0].users == 20)
        let page = try #require(profile.properties.first)
        #expect(page.content == .category && page.values == 3 && page.rows == 2_800)
        #expect(texts(profile) == "")
        #expect(throws: ProfileError.self) { try LogProfile(log([]), zone: .utc) }
    }

    @Test("days without events and days that stand out are named")
    func days() throws {
        var events = regular(days: 70).filter { event in
            let day = (event.time.milliseconds - Self.start.milliseconds) / 86_400_000
            return !(30...31).contains(day)
        }
        for extra in 0..<400 {
            events.append(event("u\(extra % 20)", "view", hour: 50 * 24 + 10 + Double(extra) / 400))
        }
        let profile = try profile(events.sorted { $0.time < $1.time })
        #expect(profile.days.gaps == [30..<32])
        #expect(profile.days.outliers.map(\.day) == [50] && profile.days.outliers[0].usual == 40)
        let texts = texts(profile)
        #expect(texts.contains("from 2025-01-31 to 2025-02-01, 2 days"), "\(texts)")
        #expect(texts.contains("2025-02-20 has 440 events"), "\(texts)")
    }

    @Test("names that may mean one event are paired; others are not")
    func names() throws {
        var events = regular(days: 40)
        for place in 0..<3 {
            events.append(event("u1", "purchse", hour: 100 + Double(place)))
            events.append(event("u1", "Page View", hour: 100 + Double(place)))
        }
        for place in 0..<400 {
            events.append(event("u\(place % 20)", "purchase", hour: 100 + Double(place) / 10))
            events.append(event("u\(place % 20)", "page_view", hour: 100 + Double(place) / 10))
            events.append(event("u\(place % 20)", "view2", hour: 100 + Double(place) / 10))
        }
        let pairs = try profile(events).similarNames
        #expect(
            Set(pairs.map { "\($0.name)|\($0.other)|\($0.difference)" })
                == ["purchse|purchase|letter", "Page View|page_view|spelling"])
    }

    @Test("rows sent twice, and ids that are no people")
    func rows() throws {
        var events = regular(days: 40)
        for _ in 0..<10 { events.append(event("u3", "view", hour: 9 + 3.0 / 60, ["page": "p0"])) }
        events.append(event("qa-17", "view", hour: 1))
        events.append(event("somebody@example.com", "view", hour: 1))
        events.append(event("contest", "view", hour: 1))
        for place in 0..<9_100 { events.append(event("robot", "view", hour: Double(place) / 10)) }
        let profile = try profile(events)
        #expect(profile.identicalRows == 10)
        #expect(Set(profile.suspects.map(\.user)) == ["qa-17", "somebody@example.com", "robot"])
        #expect(profile.suspects[0].reason == .robot && profile.suspects[0].rows == 9_100)
        #expect(texts(profile).contains("100 times the events"))
    }

    @Test("late rows are told by the order of arrival, where there is one")
    func lateness() throws {
        var events = regular(days: 40)
        for place in 0..<30 {
            let late = event("u1", "view", hour: Double(place * 24) + 9)
            // It comes two hours after the last of its day.
            let index = try #require(
                events.lastIndex { $0.time.milliseconds < late.time.milliseconds + 8 * 3_600_000 })
            events.insert(late, at: index + 1)
        }
        let ordered = events.sorted { $0.time < $1.time }
        #expect(try profile(ordered).lateness.rows == 0)
        let late = try profile(events).lateness
        // Within a day the users' second rows come after the first ones of all, so some of those are late as
        // well.
        #expect(late.rows >= 30 && late.most >= 6 * 3_600_000)
        let byUser = try profile(ordered.sorted { ($0.user, $0.time) < ($1.user, $1.time) }).lateness
        #expect(!byUser.isKnown)
    }

    @Test("dates without hours, one crowded hour, and nights at the wrong time")
    func times() throws {
        let dates = (0..<40).flatMap { day in (0..<5).map { event("u\($0)", "view", hour: Double(day * 24)) }
        }
        #expect(texts(try profile(dates, resolution: .day)).contains("whole days"))
        #expect(texts(try profile(dates)).contains("half of all events lie in the hour from 0"))
        func busy(_ shift: Int) throws -> String {
            var events: [Event] = []
            for day in 0..<40 {
                for place in 0..<30 {
                    let hour = day * 24 + (8 + place % 16 + shift) % 24
                    events.append(event("u\(place)", "view", hour: Double(hour)))
                }
            }
            return texts(try profile(events))
        }
        let (home, away) = (try busy(0), try busy(8))
        #expect(!home.contains("quietest"), "\(home)")
        #expect(away.contains("UTC-7"), "\(away)")
    }

    @Test("labels count who was active and fell silent")
    func labels() throws {
        var events = regular(days: 70, users: 10)
        // Five users leave at the end of January: in February they are silent.
        events += (0..<29).flatMap { day in
            (0..<5).map { event("gone\($0)", "view", hour: Double(day * 24) + 8) }
        }
        let profile = try profile(events.sorted { $0.time < $1.time })
        let label = try #require(profile.labels.first { $0.days == 7 })
        let february = try #require(label.months.first { $0.start.description.hasPrefix("2025-02-01") })
        #expect(february.users == 15 && february.silent == 5)
        #expect(profile.labels.map(\.days) == [7, 14, 30])
    }

    @Test("a page is well formed, closed in itself, and hostile names are shown by number")
    func page() throws {
        var page = HTMLPage(title: "<script>alert('x')</script>", summary: "a & b \u{202e}c\u{0}")
        var table = HTMLTable([("name", false), ("n", true)])
        table.append(["\"quoted\" <b>", "1"])
        page.add("A & B", table.html)
        page.add(
            "Plot",
            BarFigure(
                values: [0, 3, 1_234_567], labels: [(1, "<x>")], marked: [1], unit: "n", caption: "c & d"
            ).html)
        let html = page.html
        #expect(
            !html.contains("<script") && !html.contains("http://")
                || html.contains("xmlns=\"http://www.w3.org/2000/svg\""))
        #expect(!html.contains("\u{202e}") && !html.contains("\u{0}"))
        #expect(html.contains("\\u{202e}") && html.contains("&quot;quoted&quot; &lt;b&gt;"))
        #expect(html.contains("1,000,000"))
        #expect(Self.isBalanced(html))
    }

    /// Returns true if every tag is closed in order.
    private static func isBalanced(_ html: String) -> Bool {
        var open: [Substring] = []
        for part in html.split(separator: "<").dropFirst() {
            guard let end = part.firstIndex(of: ">") else { return false }
            let tag = part[..<end]
            if tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
            let name = tag.prefix { !$0.isWhitespace }
            if name.hasPrefix("/") {
                guard open.popLast() == name.dropFirst() else { return false }
            } else {
                open.append(name)
            }
        }
        return open.isEmpty
    }
}
