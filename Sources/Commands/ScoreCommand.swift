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

    @Option(help: "CSV file of the scores; - is standard output.")
    var output = "-"

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
        let scores = table.table == nil ? try await scoreLog(verified) : try scoreTable(verified)
        try scores.write(to: output, reasonCount: topReasons)
        let summary = ScoreSummary(scores: scores, hash: verified.hash)
        Terminal.note(format == .json ? summary.document.compact : summary.text)
    }

    private func scoreLog(_ verified: ModelFile.Verified) async throws -> ScoredRows {
        let log = try ModelLog(verified, events: events)
        let moments = at.isEmpty ? [log.dataUntil] : try at.map { try events.time($0, flag: "--at") }
        let table = try await LogExtraction.extract(
            log.log, plan: log.plan, at: moments, dataUntil: log.dataUntil, threads: threads)
        guard table.count > 0 else {
            throw InputError(
                InputPlace(file: events.events.joined(separator: " ")),
                "nobody is in the model's population (\(log.plan.population.description)) at "
                    + moments.map(\.description).joined(separator: ", "))
        }
        let scores = verified.scorer.scores(table)
        try FiniteScores(verified.scorer, table: table, file: events.fileNames).check(scores)
        let names = CategoryNames(log.log, features: log.plan.featureSet.features)
        return ScoredRows(
            ids: table.users.map { table.userIDs[Int($0)] }, times: table.times,
            scorer: verified.scorer, scores: scores, categoryName: names.name
        ) { verified.scorer.vector(table, row: $0) }
    }

    private func scoreTable(_ verified: ModelFile.Verified) throws -> ScoredRows {
        let model = verified.scorer.model
        let categories = Set(model.inputs.filter(\.isCategorical).map(\.name))
        let read = try table.read(events.rows, texts: categories)
        let inputs = try ModelTable(read, model: model)
        let scores = verified.scorer.scores(
            numbers: inputs.numbers, keys: inputs.keys, rowCount: inputs.rowCount)
        try FiniteScores(verified.scorer, table: read, inputs: inputs).check(scores)
        return ScoredRows(
            ids: try table.ids(of: read), times: nil, scorer: verified.scorer, scores: scores,
            categoryName: CategoryNames(read).name, vector: inputs.vector)
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

    /// Writes one line a row: the id, the moment, the scores and the reasons.
    func write(to path: String, reasonCount: Int) throws {
        let writer = try FileWriter(path: path)
        let bar = ProgressBar("writing scores")
        defer { bar.finish() }
        var header = times == nil ? ["id"] : ["id", "time"]
        header += ["probability", "log_odds"] + (0..<reasonCount).map { "reason_\($0 + 1)" }
        let decision = scorer.model.decision
        // The last column, and only of models that ship a threshold: the places of the others stay.
        if decision != nil { header.append("above_threshold") }
        try writer.write(header.joined(separator: ",") + "\n")
        for (row, score) in scores.enumerated() {
            var fields = [CSV.field(ids[row])]
            if let times { fields.append(times[row].description) }
            fields += [score.probability.description, score.logOdds.description]
            if reasonCount > 0 {
                let reasons = scorer.reasons(vector(row), count: reasonCount, categoryName: categoryName)
                fields += (0..<reasonCount).map { $0 < reasons.count ? CSV.field(reasons[$0].sentence) : "" }
            }
            if let decision { fields.append(decision.isContacted(score.probability) ? "1" : "0") }
            try writer.write(fields.joined(separator: ",") + "\n")
            if row & 0xfff == 0 {
                try Task.checkCancellation()
                bar.update(Double(row) / Double(scores.count))
            }
        }
        try writer.finish()
    }
}

/// What a batch of scores looks like.
struct ScoreSummary {
    let scores: ScoredRows
    let hash: String

    var document: JSON {
        .object([
            "rows": .number(scores.scores.count), "model": .string(hash),
            "meanProbability": .number(mean),
        ])
    }

    private var mean: Double {
        scores.scores.reduce(0.0) { $0 + $1.probability } / Double(max(1, scores.scores.count))
    }

    var text: String {
        let tenths = (0..<10).map { tenth in
            scores.scores.count { min(9, Int($0.probability * 10)) == tenth }
        }
        let most = Double(max(1, tenths.max() ?? 1))
        let plot = (0..<10).map { tenth in
            "  \(tenth * 10)–\(tenth * 10 + 10) %".padded(to: 12)
                + Format.count(tenths[tenth]).paddedLeft(to: 10) + "  "
                + Bar.filled(Double(tenths[tenth]) / most, width: 40)
        }
        return """
            \(Format.count(scores.scores.count)) scored with model \(hash.prefix(12))…, mean probability \
            \(Format.percent(mean))
            \(plot.joined(separator: "\n"))
            """
    }
}
