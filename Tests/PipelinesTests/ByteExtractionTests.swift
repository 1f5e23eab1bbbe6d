import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Snapshots of large logs, which are kept as bins while they are extracted part by part.
@Suite final class ByteExtractionTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private static let users = 3_000

    /// Writes a log of users who buy less before they leave, with a plan that three users alone have.
    private func log() throws -> String {
        var lines = ["user,time,event,amount,plan"]
        var random = TestRandom(seed: 5)
        for user in 0..<Self.users {
            let rate = Int.random(in: 2...9, using: &random)
            let end = Int.random(in: 20...220, using: &random)
            let plan = user < 3 ? "rare" : ["free", "basic", "pro"][user % 3]
            for day in 0..<end where (day * 7 + user) % rate == 0 {
                let time = Timestamp(milliseconds: 1_735_689_600_000) + .days(Int64(day))
                let amount = Double(Int.random(in: 0...4_000, using: &random)) / 100
                let event = day % 3 == 0 ? "purchase" : "visit"
                lines.append("u\(user),\(time),\(event),\(event == "visit" ? "" : "\(amount)"),\(plan)")
            }
        }
        return try folder.write(lines.joined(separator: "\n") + "\n", as: "log.csv")
    }

    /// Writes the same log in columns.
    private func columnar(_ path: String) throws -> String {
        let columnar = folder.file("log.limpetlog")
        var writer = ColumnarLogWriter(path: columnar, memory: 1 << 24)
        try LogSource([path]).read(into: &writer)
        _ = try writer.finish()
        return columnar
    }

    private func extraction(_ path: String, threads: Int = 2) -> LogExtraction {
        LogExtraction(
            LogSource([path], observer: observer),
            label: Label(kind: .inactivity, events: .any, horizon: .days(14)),
            population: Population(activeWithin: .days(30)), snapshots: SnapshotSettings(every: .days(14)),
            threads: threads)
    }

    private var training: TrainingSettings {
        var settings = TrainingSettings(kind: .stumps)
        (settings.folds, settings.threads, settings.bootstrap) = (4, 2, nil)
        (settings.stumps.maximumRounds, settings.stumps.form) = (200, .gram)
        settings.minimumLevelUsers = 20
        return settings
    }

    private func bytes(memory: Int? = nil) -> ByteSettings {
        var bytes = ByteSettings(training, memory: memory)
        (bytes.leastEvents, bytes.leastValues) = (1, 1)
        return bytes
    }

    private func read(
        _ path: String, threads: Int = 2, treatment: OfferTreatment? = nil
    ) async throws -> TrainingInput {
        try await TrainingInput.read(
            extraction(path, threads: threads), treatment: treatment, bytes: bytes(), clock: StageClock())
    }

    private func model(_ input: TrainingInput) async throws -> ModelTrainer.Result {
        try await ModelTraining(input, settings: training).run().result
    }

    @Test("rows are those that are kept as numbers, each in the bin of its number")
    func rows() async throws {
        let path = try log()
        let input = try await read(path)
        let whole = try await TrainingInput.read(extraction(path))
        #expect(input.data.count == whole.data.count && input.data.inputs == whole.data.inputs)
        let table = try #require(input.data.byteTable)
        var places: [String: Int] = [:]
        let times = try #require(whole.data.times)
        for row in times.indices { places["\(whole.id(ofRow: row)) \(times[row])"] = row }
        let order = try input.data.labels.indices.map { row in
            let time = try #require(input.data.times)[row]
            return try #require(places["\(input.id(ofRow: row)) \(time)"])
        }
        #expect(Set(order).count == order.count)
        #expect(order.map { whole.data.labels[$0] } == input.data.labels)
        let bins = BinnedData(input.data, maximumBins: 256)
        var binned = 0
        for (place, column) in whole.data.columns.enumerated() {
            guard case .numbers(let numbers) = column else { continue }
            let edges = table.definitions[place].edges
            #expect(edges == edges.sorted() && edges.count < 255)
            let expected = order.map { row in
                numbers[row].isNaN ? edges.count + 1 : edges.count { $0 <= numbers[row] }
            }
            #expect(bins.column(place).map { Int($0) } == expected)
            binned += 1
        }
        #expect(binned > 20)
        for (column, other) in zip(input.data.columns, whole.data.columns) where !other.isConstant {
            #expect(!column.isConstant)
        }
    }

    @Test("a level of few users gets no bin of its own")
    func rareLevels() async throws {
        let input = try await read(try log())
        let table = try #require(input.data.byteTable)
        let levels = table.definitions.compactMap { definition -> [String]? in
            if case .levels(let names) = definition.kind { names } else { nil }
        }
        #expect(levels.contains(["basic", "free", "pro"]))
        #expect(!levels.joined().contains("rare"))
    }

    @Test("the same model of either form of a log, by any number of threads")
    func sameModel() async throws {
        let path = try log()
        let model = try await model(try await read(path)).model
        let columnar = try columnar(path)
        for threads in [1, 3] {
            #expect(try await self.model(try await read(columnar, threads: threads)).model == model)
        }
        #expect(model.terms.count > 3)
        #expect(
            model.training.inputs.allSatisfy {
                $0.counts.reduce($0.missing, +) == Double(model.training.rows)
            })
    }

    @Test("the estimate is about that of rows kept as numbers")
    func sameEstimate() async throws {
        let path = try log()
        let bytes = try #require(try await model(try await read(path)).estimate)
        let numbers = try #require(
            try await model(try await TrainingInput.read(extraction(path))).estimate)
        #expect(bytes.method == .forwardInTime && numbers.method == .forwardInTime)
        let (one, other) = (try #require(bytes.pooled.logLoss), try #require(numbers.pooled.logLoss))
        #expect(abs(one - other) < 0.01)
    }

    @Test("where matrices do not fit into the memory, models are boosted by themselves, on the same blocks")
    func oneByOne() async throws {
        let input = try await read(try log())
        var settings = training
        settings.stumps.memory = 1 << 16
        let few = try #require(try await ModelTraining(input, settings: settings).run().result.estimate)
        let many = try #require(try await model(input).estimate)
        let (one, other) = (try #require(few.pooled.logLoss), try #require(many.pooled.logLoss))
        #expect(one != other && abs(one - other) < 0.02)
        // Blocks of rows that were dealt to folds differ in length, those of selected rows do not.
        let (data, binned) = (input.data, BinnedData(input.data, maximumBins: 255))
        #expect(Set(binned.blocks.map(\.rowCount)).count > 2)
        let fits = [binned, binned.selecting(Array(data.labels.indices))].map { binned in
            var booster = StumpBooster(
                binned, labels: data.labels, userShares: data.userShares, settings: training.stumps,
                threads: 2)
            booster.boost(upTo: 60)
            return booster.fit.logOdds(of: data)
        }
        #expect(Set(fits[0]).count > 50)
        #expect(zip(fits[0], fits[1]).allSatisfy { abs($0 - $1) < 1e-9 })
    }

    @Test("labels of the rows that are judged have no part in what is predicted for them")
    func judgedLabels() async throws {
        let data = try await read(try log()).data
        let times = try #require(data.times)
        // The last quarter of the snapshot times is judged.
        let all = Set(times).sorted()
        let border = all[all.count - max(1, Int((Double(all.count) * 0.25).rounded()))]
        let judged = times.indices.filter { times[$0] >= border }
        let isJudged = Set(judged)
        let flipped = data.with(labels: data.labels.indices.map { isJudged.contains($0) != data.labels[$0] })
        let source = Model.Source.table(target: "left", positive: "yes")
        let predictions = try await [data, flipped].asyncMap { data in
            try await ModelTrainer(training).train(data, source: source).estimate?.predictions
        }
        let (one, other) = (try #require(predictions[0]), try #require(predictions[1]))
        #expect(one.count > 100 && one.map(\.row) == other.map(\.row))
        #expect(one.map(\.logOdds) == other.map(\.logOdds))
    }

    @Test("windows with an offer are left out as they are of rows kept as numbers")
    func offers() async throws {
        let path = try log()
        let treatment = OfferTreatment(offers: ["purchase"])
        let bytes = try await read(path, treatment: treatment)
        let numbers = try await TrainingInput.read(extraction(path), treatment: treatment)
        #expect(bytes.data.count == numbers.data.count && bytes.data.count > 50)
        #expect(bytes.treatment?.treatedShare == numbers.treatment?.treatedShare)
        #expect(bytes.treatment?.sparedRows == numbers.treatment?.sparedRows)
        #expect(bytes.treatment?.rows == numbers.treatment?.rows)
    }

    @Test("rows with label 0 of the same users are kept as of rows kept as numbers")
    func fewerZeros() async throws {
        let path = try log()
        var bytes = ByteSettings(training, negativeRate: 0.3)
        (bytes.leastEvents, bytes.leastValues) = (1, 1)
        let input = try await TrainingInput.read(
            extraction(path), treatment: nil, bytes: bytes, clock: StageClock())
        let whole = try await TrainingInput.read(extraction(path)).keepingZeros(0.3, seed: training.seed)
        func rows(_ input: TrainingInput) throws -> [String] {
            let times = try #require(input.data.times)
            return times.indices.map { "\(input.id(ofRow: $0)) \(times[$0])" }.sorted()
        }
        #expect(try rows(input) == (try rows(whole)))
        #expect(input.keepingZeros(0.3, seed: training.seed).data.count == input.data.count)
    }

    @Test("what needs the numbers themselves is refused, and so is more memory than there may be")
    func refusals() async throws {
        let path = try log()
        let input = try await read(path)
        var settings = training
        settings.kind = .logistic
        await #expect(throws: InputError.self) {
            try await ModelTraining(input, settings: settings).run()
        }
        await #expect(throws: RequestError.self) {
            try await TrainingInput.read(
                self.extraction(path), treatment: nil, bytes: self.bytes(memory: 1 << 20), clock: StageClock()
            )
        }
        var training = ModelTraining(input, settings: training)
        training.memory = 1 << 20
        await #expect(throws: RequestError.self) { try await training.run() }
    }

    @Test("a misspelt event is told before the work")
    func misspelt() async throws {
        let path = try columnar(try log())
        var extraction = extraction(path)
        extraction.label = Label(
            kind: .event, events: EventPattern(names: ["purchsae"]), horizon: .days(14))
        await #expect(throws: UnknownEventError.self) {
            try await TrainingInput.read(
                extraction, treatment: nil, bytes: self.bytes(), clock: StageClock())
        }
    }
}

extension BinDefinition {
    fileprivate var edges: [Double] {
        if case .numbers(let edges) = kind { edges } else { [] }
    }
}

extension Sequence where Element: Sendable {
    fileprivate func asyncMap<Result>(
        _ transform: (Element) async throws -> Result
    ) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
