import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// The data of a training, read in process.
@Suite final class TrainingInputTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private static func time(_ text: String) throws -> Timestamp {
        try #require(TimeParser().parse(text)).timestamp
    }

    private func table(_ rows: String) throws -> TableSource {
        var source = TableSource(try folder.write(rows, as: "table.csv"), observer: observer)
        (source.target, source.positive, source.id) = ("left", "yes", "id")
        return source
    }

    @Test("a table gives inputs, labels, users and weights by its columns' roles")
    func table() async throws {
        var source = try table(
            """
            id,plan,visits,left,customer,size,note
            r1,basic,3,yes,anna,1,x
            r2,pro,,no,ben,0.5,y
            r3,,7,no,anna,2,z

            """)
        (source.group, source.weight, source.drop) = ("customer", "size", ["note"])
        let input = try await TrainingInput.read(source, threads: 2)
        #expect(input.file == source.file && input.allIDs == ["r1", "r2", "r3"])
        #expect(input.source == .table(target: "left", positive: "yes"))
        #expect(input.log == nil && input.treatment == nil)
        #expect(input.data.inputs.map(\.name) == ["plan", "visits"])
        #expect(input.data.inputs.map(\.isCategorical) == [true, false])
        #expect(input.data.labels == [true, false, false] && input.data.users == [0, 1, 0])
        #expect(input.data.weights == [1, 0.5, 2] && input.data.times == nil)
        guard case .levels(let names, let codes) = input.data.columns[0],
            case .numbers(let visits) = input.data.columns[1]
        else {
            Issue.record("the columns have other types")
            return
        }
        #expect(names == ["basic", "pro"] && codes == [0, 1, -1])
        #expect(visits[0] == 3 && visits[1].isNaN && visits[2] == 7)
        #expect(observer.stages == ["reading"])
    }

    @Test("a column of a table has one role, and a weight is no larger than rows can be")
    func roles() async throws {
        func problem(_ rows: String, _ change: (inout TableSource) -> Void) async throws -> String {
            var source = try table(rows)
            change(&source)
            let read = source
            let error = await #expect(throws: InputError.self) { try await TrainingInput.read(read) }
            return error?.problem ?? ""
        }
        let rows = "id,w,left\na,1,yes\nb,2,no\n"
        let twice = try await problem(rows) { $0.weight = "id" }
        #expect(twice == "is named by --id and --weight, but a column has one role")
        let target = try await problem(rows) { $0.group = "left" }
        #expect(target == "is named by --target and --group, but a column has one role")
        let large = try await problem("id,w,x,left\na,1e39,1,yes\nb,2,2,no\n") { $0.weight = "w" }
        #expect(large == "is 1e+39, expected a weight from 0 to 1e12")
        var source = try table("id,w,x,left\na,1,1,yes\nb,2,2,no\n")
        (source.weight, source.drop, source.group) = ("w", ["w"], "id")
        #expect(try await TrainingInput.read(source).data.weights == [1, 2])
    }

    @Test("a table without a target is the caller's mistake, and one class the data's")
    func noTarget() async throws {
        var source = try table("id,visits,left\na,1,yes\nb,2,yes\n")
        let input = try await TrainingInput.read(source)
        let error = input.placed(.oneClass(label: true, rows: 2))
        #expect(error.place.field == "left")
        #expect(error.problem == "all 2 rows have the label 1, which is \"yes\"; a model needs both")
        source.target = nil
        await #expect(throws: RequestError.self) {
            try await TrainingInput.read(source)
        }
    }

    /// A table whose visits are all different, which an id would be too.
    private func counted(_ text: String) throws -> TableSource {
        var source = try table(text)
        source.keep = ["visits"]
        return source
    }

    @Test("with a share of the zeros, all ones stay and each row keeps its id")
    func fewerZeros() async throws {
        let rows = (0..<400).map { "r\($0),\($0),\($0 % 4 == 0 ? "yes" : "no")" }
        let input = try await TrainingInput.read(
            try counted("id,visits,left\n" + rows.joined(separator: "\n") + "\n"))
        let fewer = input.keepingZeros(0.2, seed: 3)
        #expect(fewer.data.labels.count { $0 } == 100)
        #expect((20...100).contains(fewer.data.labels.count { !$0 }))
        guard case .numbers(let visits) = fewer.data.columns[0] else {
            Issue.record("the column has another type")
            return
        }
        #expect(fewer.allIDs == visits.map { "r\(Int($0))" })
        #expect(input.keepingZeros(1, seed: 3).allIDs == input.allIDs)
    }

    @Test("a model is trained on a table and scores another, all in process")
    func training() async throws {
        let rows = (0..<400).map { "r\($0),\($0 % 20),\($0 % 20 < 8 || $0 % 7 == 0 ? "yes" : "no")" }
        let source = try table("id,visits,left\n" + rows.joined(separator: "\n") + "\n")
        let input = try await TrainingInput.read(source)
        var settings = TrainingSettings(kind: .stumps)
        settings.folds = 2
        let model = try await ModelTrainer(settings).train(input.data, source: input.source).model
        #expect(model.source == input.source && model.inputs == input.data.inputs)
        let scorer = Scorer(model)
        var vectors = [FeatureVector(count: 1), FeatureVector(count: 1)]
        (vectors[0].numbers[0], vectors[1].numbers[0]) = (2, 15)
        // Who has few visits leaves.
        #expect(scorer.score(vectors[0]).probability > 0.8 && scorer.score(vectors[1]).probability < 0.4)
    }

    /// An extraction of a log in which b was shown an offer within the label window, and c before it.
    private func extraction() throws -> LogExtraction {
        let log = """
            user,time,event
            a,2025-01-01,visit
            a,2025-01-12,visit
            b,2025-01-02,visit
            b,2025-01-11,offer_shown
            c,2025-01-03,visit
            c,2025-01-04,offer_shown
            d,2025-01-20,visit

            """
        let set = FeatureSet(systemEvents: ["offer_shown"], features: [Feature(kind: .recency)])
        return LogExtraction(
            LogSource([try folder.write(log, as: "log.csv")], observer: observer),
            label: Label(kind: .inactivity, events: .any, horizon: .days(5)),
            snapshots: SnapshotSettings(times: [try Self.time("2025-01-10")]), features: .set(set))
    }

    @Test("a log gives the snapshots that have a label, with the users' ids")
    func log() async throws {
        var extraction = try extraction()
        let input = try await TrainingInput.read(extraction)
        #expect(input.allIDs == ["a", "b", "c"] && input.data.labels == [false, true, true])
        #expect(input.data.times == [Timestamp](repeating: try Self.time("2025-01-10"), count: 3))
        #expect(input.log?.dataUntil == (try Self.time("2025-01-21")) && input.treatment == nil)
        let label = try #require(extraction.label)
        #expect(
            input.source == .log(try #require(extraction.features.given), extraction.population, label))
        #expect(observer.stages == ["reading", "extracting"])
        extraction.label = nil
        let unlabelled = extraction
        await #expect(throws: RequestError("there is no label")) {
            try await TrainingInput.read(unlabelled)
        }
    }

    @Test("windows with an offer are left out, become a term, or stay")
    func offers() async throws {
        let extraction = try extraction()
        var offers = OfferTreatment(offers: ["offer_shown"])
        let excluded = try await TrainingInput.read(extraction, treatment: offers)
        #expect(excluded.allIDs == ["a", "c"])
        #expect(excluded.treatment?.treatedShare == 1.0 / 3)
        #expect(excluded.treatment?.rows == 3 && excluded.treatment?.isWarning == true)
        offers.windows = .term
        let term = try await TrainingInput.read(extraction, treatment: offers)
        #expect(term.allIDs.count == 3 && term.data.inputs.last?.name == TrainingData.treatmentName)
        #expect(term.treatment?.input(of: term.data) == 1)
        offers.windows = .ignore
        let ignored = try await TrainingInput.read(extraction, treatment: offers)
        #expect(ignored.allIDs.count == 3 && ignored.treatment?.input(of: ignored.data) == nil)
        #expect(observer.notes.isEmpty)
    }

    @Test("offers that nobody named are no matter where there are none; those that were named are warned of")
    func noOffers() async throws {
        let extraction = try extraction()
        let assumed = OfferTreatment(offers: ["gift"], windows: .ignore, isAssumed: true)
        #expect(try await TrainingInput.read(extraction, treatment: assumed).treatment == nil)
        #expect(observer.notes.isEmpty)
        let named = OfferTreatment(offers: ["gift"], windows: .ignore)
        let input = try await TrainingInput.read(extraction, treatment: named)
        #expect(input.treatment?.treatedShare == 0)
        #expect(observer.notes.count == 1 && observer.notes[0].hasPrefix("warning: --offer-events gift: "))
    }

    @Test("a list of held-out users must have users of the log; others in it are warned of")
    func holdout() async throws {
        let extraction = try extraction()
        var offers = OfferTreatment(offers: ["offer_shown"])
        offers.holdoutUsers = try folder.write("a\nx\n", as: "holdout.txt")
        let input = try await TrainingInput.read(extraction, treatment: offers)
        // By design without an offer is a alone; c had one before the window.
        #expect(input.treatment?.sparedRows == 1)
        #expect(observer.notes.last?.hasSuffix("1 of 2 users are not in the log, e.g. \"x\"") == true)
        offers.holdoutUsers = try folder.write("x\ny\n", as: "others.txt")
        let strangers = offers
        await #expect(throws: InputError.self) {
            try await TrainingInput.read(extraction, treatment: strangers)
        }
    }
}

extension TrainingInput {
    /// The ids of all rows.
    fileprivate var allIDs: [String] { data.labels.indices.map { id(ofRow: $0) } }
}
