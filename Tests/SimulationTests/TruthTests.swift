import LimpetEvents
import LimpetSimulation
import Testing

@Suite("The truth beside the log")
struct TruthTests {
    /// The squared distances of realised from expected counts, in units of their variance, over deciles of
    /// the true probability: about as many as there are groups when the truth is calibrated.
    private func chiSquare(_ rows: [TruthRow]) -> (sum: Double, groups: Int) {
        let sorted = rows.filter { $0.label != nil }.sorted { $0.probability < $1.probability }
        var sum = 0.0
        var groups = 0
        for start in stride(from: 0, to: sorted.count - sorted.count % 10, by: sorted.count / 10) {
            let group = sorted[start..<start + sorted.count / 10]
            let expected = group.reduce(0) { $0 + $1.probability }
            let variance = group.reduce(0) { $0 + $1.probability * (1 - $1.probability) }
            let realised = Double(group.count { $0.label == true })
            guard variance > 1 else { continue }
            sum += (realised - expected) * (realised - expected) / variance
            groups += 1
        }
        return (sum, groups)
    }

    private func settings(_ label: SimulationLabel, seed: UInt64) -> SimulationSettings {
        var settings = SimulationSettings()
        settings.users = 4_000
        settings.days = 84
        settings.forks = 100
        settings.seed = seed
        settings.label = label
        settings.snapshots = .at([settings.start + .days(56)])
        return settings
    }

    /// With fixed seeds this is no gamble. Forks are noisy, and sorting by noisy values pulls the outer
    /// groups apart: hence the margin above the 99.9 % point of chi-square with ten groups, 29.6.
    @Test(
        "is calibrated: of the users with probability p, a share of p gets the label",
        arguments: [
            SimulationLabel.event(name: "cancelled", horizon: .days(28)), .inactivity(horizon: .days(14)),
            .event(name: "purchased", horizon: .days(7)),
        ], [UInt64(1), 2])
    func calibration(label: SimulationLabel, seed: UInt64) async throws {
        let rows = try await SimulatedLog(settings(label, seed: seed)).truth
        let (sum, groups) = chiSquare(rows)
        #expect(groups >= 6)
        #expect(sum < 40)
        let expected = rows.reduce(0) { $0 + $1.probability }
        let realised = Double(rows.count { $0.label == true })
        #expect(abs(realised - expected) < 4 * expected.squareRoot())
    }

    @Test("holds exactly the users who have signed up and not cancelled")
    func population() async throws {
        let log = try await SimulatedLog(.small)
        for (time, rows) in Dictionary(grouping: log.truth, by: \.time) {
            let before = log.rows.filter { $0[Column.time] < time.description }
            let signedUp = Set(before.filter { $0[Column.event] == "signed_up" }.map { $0[Column.user] })
            let gone = Set(before.filter { $0[Column.event] == "cancelled" }.map { $0[Column.user] })
            #expect(Set(rows.map { Substring($0.user) }) == signedUp.subtracting(gone))
        }
    }

    @Test("has the label of the log, and none where the horizon passes its end")
    func labels() async throws {
        let log = try await SimulatedLog(.small)
        let cancelledAt = Dictionary(
            log.rows.filter { $0[Column.event] == "cancelled" }.map { ($0[Column.user], $0[Column.time]) },
            uniquingKeysWith: { first, _ in first })
        let end = SimulationSettings.small.start + .days(90)
        for row in log.truth {
            let until = row.time + .days(28)
            let label = cancelledAt[Substring(row.user)].map { $0 < until.description } ?? false
            #expect(row.label == (until > end ? nil : label))
        }
        #expect(Set(log.truth.map(\.time)).count == 3)
        #expect(log.truth.contains { $0.label == nil })
    }

    @Test("takes any event as the label, and labels as the log does", arguments: SimulatedEvent.allCases)
    func anyEvent(event: SimulatedEvent) async throws {
        var settings = SimulationSettings.small
        settings.users = 300
        settings.forks = 1
        settings.label = .event(name: event.rawValue, horizon: .days(10))
        let log = try await SimulatedLog(settings)
        let rows = log.rows.filter { $0[Column.event] == event.rawValue }
        let times = Dictionary(grouping: rows) { $0[Column.user] }.mapValues { $0.map { $0[Column.time] } }
        for row in log.truth {
            let horizon = row.time.description..<(row.time + .days(10)).description
            guard let label = row.label else { continue }
            let found = times[Substring(row.user)]?.contains { horizon.contains(String($0)) } ?? false
            #expect(label == found)
        }
        #expect(log.truth.contains { $0.label != nil })
    }

    @Test("is written as CSV with a blank for a missing label")
    func csv() {
        var bytes: [UInt8] = []
        let time = SimulationSettings().start
        for label in [true, false, nil] {
            TruthRow(user: "u000001", time: time, probability: 0.125, label: label, forks: 200)
                .appendCSV(to: &bytes)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "u000001,2025-01-01T00:00:00Z,0.125,1,200")
        #expect(lines.last == "u000001,2025-01-01T00:00:00Z,0.125,,200")
    }
}
