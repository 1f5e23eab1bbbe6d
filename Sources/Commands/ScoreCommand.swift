import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// `limpet score`.
struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Score all users of a log, or all rows of a table.",
        discussion: """
            Every user of the model's population, at the end of the log:
              limpet score --model model.json --events log.csv --output scores.csv
            Where the model ships a threshold, the last column says whom to contact.
            As of a past moment, with the three strongest reasons:
              limpet score --model model.json --events log.csv --at 2011-09-01 \\
                --top-reasons 3
            A table of any size, in memory that does not grow with it:
              limpet score --model model.json --table users.csv.gz --id user \\
                --top-reasons 0 --output scores.ndjson
            """)

    @Option(help: "Model file.")
    var model: String

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @Option(
        parsing: .upToNextOption,
        help: "Moments of the scores, of the events before them (default: the end of the log).")
    var at: [String] = []

    @Option(help: "Reasons that raise the risk, by user.")
    var topReasons = 3

    @Option(help: "File of the scores; - is standard output.")
    var output = "-"

    @Option(help: "csv, or ndjson: an object a line (default: by the end of the file's name, else csv).")
    var lines: ScoreLines.Form?

    @Option(
        parsing: .upToNextOption,
        help: "What is written, of id, time, probability, log_odds, reasons, above_threshold (default: all).")
    var columns: [ScoreLines.Column] = []

    @Option(help: "How the summary is printed on standard error: text or json.")
    var format = OutputFormat.text

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("score either --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: [("--at", !at.isEmpty)])
        guard (0...20).contains(topReasons) else {
            throw ValidationError("--top-reasons must be from 0 to 20")
        }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--table", table.table), ("--model", model)],
            outputs: events.rejectFiles + [("--output", output)])
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        let summary: ScoreSummary
        if table.table == nil {
            let scores = try await scoreLog(verified)
            try scores.write(to: output, lines: form(verified, hasTimes: true))
            summary = ScoreSummary(scores.scores, hash: verified.hash)
        } else {
            let scoring = TableScoring(
                verified, table: table, rows: events.rows, lines: form(verified, hasTimes: false),
                threads: threads)
            summary = try await scoring.run(to: output)
        }
        Terminal.note(format == .json ? summary.document.compact : summary.text)
    }

    private func form(_ verified: ModelFile.Verified, hasTimes: Bool) -> ScoreLines {
        ScoreLines(
            form: lines ?? ScoreLines.Form(path: output),
            columns: Set(columns.isEmpty ? ScoreLines.Column.allCases : columns), hasTimes: hasTimes,
            reasonCount: topReasons, decision: verified.scorer.model.decision)
    }

    private func scoreLog(_ verified: ModelFile.Verified) async throws -> ScoredRows {
        let log = try ModelLog(verified, events: events)
        let table = try await log.population(at: at, events: events, threads: threads)
        let scores = verified.scorer.scores(table)
        try FiniteScores(verified.scorer, table: table, file: events.fileNames).check(scores)
        let names = CategoryNames(log.log, features: log.plan.featureSet.features)
        return ScoredRows(
            ids: table.users.map { table.userIDs[Int($0)] }, times: table.times,
            scorer: verified.scorer, scores: scores, categoryName: names.name
        ) { verified.scorer.vector(table, row: $0) }
    }
}

/// The texts behind the keys of categories, for sentences.
struct CategoryNames {
    private var names: [TextKey: String] = [:]

    init(_ log: EventLog, features: [Feature]) {
        for feature in features where feature.kind.isCategorical {
            for name in log.names(for: feature) { names[TextKey(name)] = name }
        }
    }

    init(_ table: FlatTable) {
        for column in table.columns {
            guard case .texts(let dictionary, _) = column.values else { continue }
            for name in dictionary where dictionary.count <= 1_000 { names[TextKey(name)] = name }
        }
    }

    func name(_ key: TextKey) -> String? { names[key] }
}

/// Scores by row, with what is needed to explain each.
struct ScoredRows {
    let ids: [String]
    let times: [Timestamp]?
    let scorer: Scorer
    let scores: [Scorer.Score]
    let categoryName: (TextKey) -> String?
    let vector: (Int) -> FeatureVector

    /// Writes a line for each row.
    func write(to path: String, lines: ScoreLines) throws {
        let writer = try FileWriter(path: path)
        let bar = ProgressBar("writing scores")
        defer { bar.finish() }
        if let header = lines.header { try writer.write(header) }
        var line: [UInt8] = []
        for (row, score) in scores.enumerated() {
            line.removeAll(keepingCapacity: true)
            let reasons =
                lines.reasonCount > 0
                ? scorer.reasons(vector(row), count: lines.reasonCount, categoryName: categoryName) : []
            lines.appendID(ids[row], to: &line)
            lines.append(score, time: times?[row], reasons: reasons, to: &line)
            try writer.write(line)
            if row & 0xfff == 0 {
                try Task.checkCancellation()
                bar.update(Double(row) / Double(scores.count))
            }
        }
        try writer.finish()
    }
}

/// What a batch of scores looks like.
struct ScoreSummary: Sendable {
    let hash: String
    private(set) var rows = 0
    private var sum = 0.0
    private var tenths = [Int](repeating: 0, count: 10)

    init(hash: String) { self.hash = hash }

    init(_ scores: [Scorer.Score], hash: String) {
        self.hash = hash
        for score in scores { add(score.probability) }
    }

    mutating func add(_ probability: Double) {
        rows += 1
        sum += probability
        tenths[max(0, min(9, Int(probability * 10)))] += 1
    }

    /// Adds the rows of another batch.
    mutating func add(_ other: ScoreSummary) {
        rows += other.rows
        sum += other.sum
        for tenth in tenths.indices { tenths[tenth] += other.tenths[tenth] }
    }

    private var mean: Double { sum / Double(max(1, rows)) }

    var document: JSON {
        .object(["rows": .number(rows), "model": .string(hash), "meanProbability": .number(mean)])
    }

    var text: String {
        let most = Double(max(1, tenths.max() ?? 1))
        let plot = (0..<10).map { tenth in
            "  \(tenth * 10)–\(tenth * 10 + 10) %".padded(to: 12)
                + Format.count(tenths[tenth]).paddedLeft(to: 10) + "  "
                + Bar.filled(Double(tenths[tenth]) / most, width: 40)
        }
        return """
            \(Format.count(rows)) scored with model \(hash.prefix(12))…, mean probability \
            \(Format.percent(mean))
            \(plot.joined(separator: "\n"))
            """
    }
}
