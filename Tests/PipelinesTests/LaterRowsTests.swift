import LimpetEvents
import LimpetFeatures
import LimpetParallel
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Bins and folds of a large log, in whose choice the rows of an estimate forward in time have no part.
@Suite final class LaterRowsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ sample: LargeLogSample, features: FeatureSet = LargeLogSample.features, hasOffers: Bool = false,
        negativeRate: Double = 1
    ) async throws -> TrainingData {
        try await TrainingInput.read(
            LargeLogSample.extraction(try sample.write(), features: .set(features)),
            treatment: hasOffers ? OfferTreatment(offers: ["offer"]) : nil,
            bytes: LargeLogSample.bytes(negativeRate: negativeRate), clock: StageClock()
        ).data
    }

    @Test(
        "what happens after the border has no part in the bins and folds of early rows",
        arguments: [false, true])
    func earlyRows(hasOffers: Bool) async throws {
        // Where offers reach all users from some day on, the windows before it are the rows.
        var sample = LargeLogSample(folder: folder.path, offersFrom: hasOffers ? 150 : .max)
        let one = try await read(sample, hasOffers: hasOffers)
        let border = try #require(one.dealt?.border)
        #expect(try #require(Folds.forwardInTime(one, lateShare: 0.25)).heldOut.isEmpty == false)
        sample.swappedFrom = Int((border.milliseconds - LargeLogSample.start.milliseconds) / 86_400_000)
        let other = try await read(sample, hasOffers: hasOffers)
        #expect(other.dealt?.border == border && other.count == one.count)
        let times = try #require(one.times)
        let early = times.prefix { $0 + .days(14) <= border }.count
        #expect(early > 500 && !times[early...].contains { $0 + .days(14) <= border })
        #expect(times == other.times && one.users == other.users)
        #expect(one.labels[..<early] == other.labels[..<early])
        #expect(one.labels[early...] != other.labels[early...])
        #expect(one.dealt?.ofRow[..<early] == other.dealt?.ofRow[..<early])
        let bins = [one, other].map { BinnedData($0, maximumBins: 256) }
        for input in one.inputs.indices {
            // The bin of missing values comes after all others, whose number may differ.
            let columns = bins.map { bins in
                bins.column(input).prefix(early).map {
                    Int($0) == bins.definitions[input].valueBins ? nil : $0
                }
            }
            #expect(columns[0] == columns[1])
        }
        #expect(one.inputs.indices.contains { bins[0].column($0) != bins[1].column($0) })
    }

    @Test("where few rows with label 0 are kept, later labels have no part in the folds of early rows")
    func fewerZeros() async throws {
        var sample = LargeLogSample(folder: folder.path)
        let one = try await read(sample, negativeRate: 0.3)
        let border = try #require(one.dealt?.border)
        sample.swappedFrom = Int((border.milliseconds - LargeLogSample.start.milliseconds) / 86_400_000)
        let other = try await read(sample, negativeRate: 0.3)
        let early = try [one, other].map { data in
            try #require(data.times).prefix { $0 + .days(14) <= border }.count
        }
        #expect(early[0] > 200 && early[0] == early[1])
        #expect(one.users[..<early[0]] == other.users[..<early[0]])
        #expect(one.dealt?.ofRow[..<early[0]] == other.dealt?.ofRow[..<early[0]])
        // Later labels decide which later rows are kept.
        #expect(one.users != other.users)
    }

    @Test("the estimate forward in time begins at the border of the bins")
    func border() async throws {
        let data = try await read(LargeLogSample(folder: folder.path))
        let (times, border) = (try #require(data.times), try #require(data.dealt?.border))
        // Without the latest rows another quarter of the times would be late.
        let some = data.selecting(times.indices.filter { times[$0] <= border })
        let fold = try #require(Folds.forwardInTime(some, lateShare: 0.25))
        #expect(Set(fold.heldOut.map { some.times?[$0] }) == [border])
    }

    @Test("rows that are left out leave blocks of one fold each")
    func blocks() async throws {
        let data = try await read(LargeLogSample(folder: folder.path, offersFrom: 150), hasOffers: true)
        let folds = try #require(data.dealt?.ofRow)
        let some = data.selecting(data.labels.indices.filter { $0 % 7 != 3 })
        for data in [data, some] {
            let blocks = BinnedData(data, maximumBins: 256).blocks
            let folds = try #require(data.dealt?.ofRow)
            #expect(blocks.reduce(0) { $0 + $1.rowCount } == data.count)
            for block in blocks {
                #expect(Set(folds[block.firstRow..<block.firstRow + block.rowCount]).count == 1)
            }
        }
        #expect(Set(folds).count == 4)
    }

    @Test("a level that only users of excluded rows have is none of the model's")
    func excludedLevels() async throws {
        // Users who come when offers reach all others: their windows are without one, but not by design.
        let more = (0..<25).flatMap { user in
            stride(from: 160, to: LargeLogSample.days, by: 3).map { day in
                "v\(user),\(LargeLogSample.start + .days(Int64(day))),visit,,late"
            }
        }
        let sample = LargeLogSample(folder: folder.path, offersFrom: 150, more: more)
        for (hasOffers, expected) in [
            (true, ["basic", "free", "pro"]), (false, ["basic", "free", "late", "pro"]),
        ] {
            let table = try #require(try await read(sample, hasOffers: hasOffers).byteTable)
            let levels = table.definitions.compactMap { definition -> [String]? in
                if case .levels(let names) = definition.kind { names } else { nil }
            }
            #expect(levels == [expected])
        }
    }

    @Test("a number that no early row has gets bins from later ones")
    func newEvent() async throws {
        let set = FeatureSet(
            features: [
                Feature(name: "events", kind: .count),
                Feature(name: "first chat", kind: .tenure, events: EventPattern(names: ["chat"])),
            ])
        let data = try await read(LargeLogSample(folder: folder.path, chatsFrom: 175), features: set)
        let (table, times) = (try #require(data.byteTable), try #require(data.times))
        let border = try #require(data.dealt?.border)
        guard case .numbers(let edges) = table.definitions[1].kind else {
            Issue.record("the input is no number")
            return
        }
        #expect(edges.count > 4 && edges.count < 255)
        let bins = BinnedData(data, maximumBins: 256).column(1)
        let early = times.indices.filter { times[$0] + .days(14) <= border }.map { bins[$0] }
        #expect(Set(early) == [UInt8(edges.count + 1)])
        #expect(Set(bins).count > 4)
    }
}
