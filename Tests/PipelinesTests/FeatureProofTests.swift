import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetPipelines
import LimpetTestSupport
import Testing

/// The proof of features, in process.
@Suite struct FeatureProofTests {
    private static func extraction(_ folder: borrowing TemporaryFolder) throws -> LogExtraction {
        let rows = (0..<40).flatMap { user in
            (0..<12).map { number in
                "u\(user),2025-01-\(number + 10)T0\(user % 10):00:00,\(number % 3 == 0 ? "buy" : "visit")"
            }
        }
        let text = "user,time,event\n" + rows.joined(separator: "\n") + "\n"
        let set = FeatureSet(features: [
            Feature(kind: .count, window: .days(7)), Feature(kind: .recency),
            Feature(kind: .count, events: EventPattern(names: ["buy"])),
        ])
        let times = try ["2025-01-14", "2025-01-18"].map { try #require(TimeParser().parse($0)).timestamp }
        return LogExtraction(
            LogSource([try folder.write(text, as: "log.csv")], observer: RecordingObserver()),
            snapshots: SnapshotSettings(times: times), features: .set(set))
    }

    @Test("all modes agree on all values of all users")
    func agreement() async throws {
        let folder = try TemporaryFolder()
        let extraction = try Self.extraction(folder)
        let report = try await FeatureProof(extraction).run()
        #expect(report.differences == 0 && report.known == nil)
        #expect(report.users == Array(0..<40) && report.allUsers == 40)
        #expect(report.snapshotTimes == 2 && report.features == 3)
        #expect(
            report.parts.map(\.name) == [
                "batch and live history", "batch and live state", "batch and reference",
                "extracted table and reference", "features and population without the future",
                "proposed features without the future", "levels and bin edges without the future",
            ])
        // Three features and the membership of the population.
        #expect(report.parts.prefix(3).allSatisfy { $0.comparison.compared == 40 * 2 * 4 })
        #expect(report.document["parts"]?.array?.count == 7)
        let observer = try #require(extraction.source.observer as? RecordingObserver)
        #expect(observer.stages == ["reading", "comparing", "changing the future"])
    }

    @Test("some users are chosen by the seed")
    func someUsers() async throws {
        let folder = try TemporaryFolder()
        let extraction = try Self.extraction(folder)
        let first = try await FeatureProof(extraction, users: 5, seed: 1).run()
        let again = try await FeatureProof(extraction, users: 5, seed: 1).run()
        let other = try await FeatureProof(extraction, users: 5, seed: 2).run()
        #expect(first.users.count == 5 && first.users == first.users.sorted())
        #expect(first.users == again.users && first.users != other.users)
        #expect(first.parts[0].comparison.compared == 5 * 2 * 4)
    }
}
