import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Large logs, whose snapshots are extracted part by part.
@Suite final class LogPartsTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private var sample: LargeLogSample { LargeLogSample(folder: folder.path) }

    private func read(
        _ extraction: LogExtraction, _ bytes: ByteSettings?, _ treatment: OfferTreatment? = nil
    ) async throws -> TrainingInput {
        try await TrainingInput.read(extraction, treatment: treatment, bytes: bytes, clock: StageClock())
    }

    /// Says how two inputs differ; empty where they do not.
    private func differences(_ one: TrainingInput, _ other: TrainingInput) -> [String] {
        var found: [String] = []
        let (left, right) = (one.data, other.data)
        if left.labels != right.labels { found.append("labels") }
        if left.users != right.users || left.times != right.times { found.append("rows") }
        if left.dealt?.ofRow != right.dealt?.ofRow { found.append("folds") }
        if left.dealt?.border != right.dealt?.border { found.append("border") }
        if left.count == right.count,
            !left.labels.indices.allSatisfy({ one.id(ofRow: $0) == other.id(ofRow: $0) })
        {
            found.append("ids")
        }
        if one.log?.events != other.log?.events || one.log?.dataUntil != other.log?.dataUntil {
            found.append("facts")
        }
        if one.treatment?.rows != other.treatment?.rows
            || one.treatment?.sparedRows != other.treatment?.sparedRows
            || one.treatment?.treatedShare != other.treatment?.treatedShare
            || one.treatment?.sparedRowsSuffice != other.treatment?.sparedRowsSuffice
        {
            found.append("offers")
        }
        for (place, columns) in zip(left.columns, right.columns).enumerated() where !Self.areSame(columns) {
            found.append(left.inputs[place].name)
        }
        return found
    }

    private static func areSame(_ columns: (TrainingData.Column, TrainingData.Column)) -> Bool {
        switch columns {
        case (.numbers(let one), .numbers(let other)):
            one.map(\.bitPattern) == other.map(\.bitPattern)
        case (.levels(let one, let codes), .levels(let other, let others)): one == other && codes == others
        case (.bytes(let one), .bytes(let other)):
            one.definition == other.definition && one.bins == other.bins
        default: false
        }
    }

    @Test(
        "bins are the same however a log is cut into parts, and in whatever form it is",
        arguments: [false, true])
    func parts(isLate: Bool) async throws {
        // More events than a block of a columnar log has.
        var sample = LargeLogSample(folder: folder.path, users: 3_200)
        (sample.isLate, sample.offersFrom) = (isLate, isLate ? 150 : .max)
        let treatment = isLate ? OfferTreatment(offers: ["offer"]) : nil
        let path = try sample.write()
        let columnar = try sample.columnar(path)
        var partitions = try ColumnarLog(path: columnar).partitions(rows: 1_000)
        _ = try partitions.next()
        #expect(try partitions.next() != nil)
        var extraction = LargeLogSample.extraction(path)
        extraction.asKnown = isLate
        let whole = try await read(extraction, LargeLogSample.bytes(), treatment)
        #expect(whole.data.byteTable != nil && whole.data.count > 1_000)
        let cut = try await read(extraction, LargeLogSample.bytes(isCut: true), treatment)
        #expect(differences(whole, cut) == [])
        extraction.source.files = [columnar]
        let partitioned = try await read(extraction, LargeLogSample.bytes(isCut: true), treatment)
        #expect(differences(whole, partitioned) == [])
    }

    @Test("a part has no more values than it may, however few events", arguments: [false, true])
    func values(isColumnar: Bool) async throws {
        let path = isColumnar ? try sample.writeColumnar() : try sample.write()
        var extraction = LargeLogSample.extraction(path)
        func parts(_ extract: (LogExtraction) async throws -> Void) async throws -> Int {
            let observer = RecordingObserver()
            extraction.source.observer = observer
            try await extract(extraction)
            let shares = observer.shares(of: "extracting")
            #expect(shares == shares.sorted() && shares.last == 1)
            return shares.count
        }
        for isBinned in [false, true] {
            var bytes = LargeLogSample.bytes(isBinned: isBinned)
            #expect(try await parts { _ = try await read($0, bytes) } == 1)
            // 12 snapshots of 6 values, so 27 users of 600.
            bytes.partValues = 2_000
            #expect(try await parts { _ = try await read($0, bytes) } == 23)
        }
        let table = folder.file("table.csv")
        #expect(try await parts { _ = try await $0.write(to: table) } == 1)
        extraction.partValues = 2_000
        #expect(try await parts { _ = try await $0.write(to: table) } == 23)
    }

    @Test(
        "few snapshots are the numbers that a log has which is read whole",
        arguments: [nil, TreatedWindows.exclude, .term], [false, true])
    func numbers(windows: TreatedWindows?, isColumnar: Bool) async throws {
        var sample = sample
        (sample.isLate, sample.offersFrom) = (true, 150)
        let treatment = windows.map { OfferTreatment(offers: ["offer"], windows: $0) }
        var extraction = LargeLogSample.extraction(
            isColumnar ? try sample.writeColumnar() : try sample.write(), features: .proposal())
        for asKnown in [false, true] {
            extraction.asKnown = asKnown
            let whole = try await read(extraction, nil, treatment)
            let cut = try await read(
                extraction, LargeLogSample.bytes(isBinned: false, isCut: true), treatment)
            #expect(cut.data.byteTable == nil && cut.data.count > 1_000)
            #expect(differences(whole, cut) == [] && whole.source == cut.source)
        }
    }

    @Test("rows have their users' ids where amounts make a log be read again", arguments: [false, true])
    func idsAfterReadingAgain(isBinned: Bool) async throws {
        var sample = sample
        // The only event of the first user, and the first offer of all.
        sample.more = ["a0,\(LargeLogSample.start + .days(9)),offer,oops,free"]
        sample.offersFrom = 150
        var extraction = LargeLogSample.extraction(
            try sample.write(), features: .proposal(), observer: observer)
        extraction.source.rows.maximumBadRows = 1
        let treatment = OfferTreatment(offers: ["offer"])
        let whole = try await read(extraction, nil, treatment)
        let input = try await read(extraction, LargeLogSample.bytes(isBinned: isBinned), treatment)
        #expect(observer.notes.count { $0.contains("the log is read again") } == 2)
        func rows(_ input: TrainingInput) throws -> [String] {
            let times = try #require(input.data.times)
            return times.indices.map { "\(input.id(ofRow: $0)) \(times[$0]) \(input.data.labels[$0])" }
                .sorted()
        }
        #expect(try rows(input) == (try rows(whole)))
        #expect(input.log?.events == whole.log?.events)
        #expect(input.treatment?.sparedRows == whole.treatment?.sparedRows)
        #expect(try rows(whole).contains { $0.hasPrefix("u0 ") || $0.hasPrefix("u1 ") })
    }

    @Test(
        "a warning about a log or its features comes once", arguments: [false, true], [false, true])
    func warnings(isColumnar: Bool, isBinned: Bool) async throws {
        let path = isColumnar ? try sample.writeColumnar() : try sample.write()
        var set = LargeLogSample.features
        set.decimals = ["fee": 1]
        set.features.append(Feature(name: "none", kind: .count, events: EventPattern(names: ["nothing"])))
        for leastEvents in [1, .max] {
            let observer = RecordingObserver()
            var bytes = LargeLogSample.bytes(isBinned: isBinned, isCut: true)
            bytes.leastEvents = leastEvents
            _ = try await read(
                LargeLogSample.extraction(path, features: .set(set), observer: observer), bytes)
            #expect(observer.notes.count { $0.contains("are rounded to 1 decimals") } == 1)
            #expect(observer.notes.count { $0.contains("no event of \(path) is called nothing") } == 1)
        }
    }

    @Test("a table of features is the same however users are cut into parts", arguments: [false, true])
    func table(isLate: Bool) async throws {
        var sample = sample
        sample.isLate = isLate
        var extraction = LargeLogSample.extraction(try sample.write())
        extraction.asKnown = isLate
        let (one, other) = (folder.file("one.csv"), folder.file("other.csv"))
        let whole = try await extraction.write(to: one)
        extraction.partValues = 2_000
        let cut = try await extraction.write(to: other)
        #expect(whole.rows > 1_000 && whole == cut)
        #expect(
            try ByteSource(path: one).readAll(limit: 1 << 24)
                == (try ByteSource(path: other).readAll(limit: 1 << 24)))
    }
}

extension ByteColumn {
    /// The bin of each row.
    fileprivate var bins: [UInt8] {
        let data = TrainingData(
            inputs: [.init(name: "x", isCategorical: false)], columns: [.bytes(self)], isSkewed: [nil],
            labels: [Bool](repeating: false, count: table.count),
            users: [Int32](repeating: 0, count: table.count))
        return BinnedData(data, definitions: [definition]).column(0)
    }
}
