import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// `limpet evaluate`.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Evaluate a model on other data than it was trained on.",
        discussion: """
            limpet evaluate --model model.json --events later.csv --at 2011-09-01
            limpet evaluate --model model.json --table other.csv \\
              --target Churn --positive Yes
            """)

    @Option(help: "Model file.")
    var model: String

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Another label than the model's") var otherLabel: HorizonOptions
    @OptionGroup(title: "Snapshots") var snapshots: SnapshotOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @OptionGroup(title: "Confidence intervals") var intervals: IntervalOptions
    @OptionGroup(title: "Profit") var profit: ProfitOptions

    @Option(
        help: """
            Users whose probability is at least this get the offer (default: the threshold that the model \
            ships).
            """)
    var profitThreshold: Double?

    @Option(help: "How the report is printed: text or json.")
    var format = OutputFormat.text

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("evaluate on either --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: otherLabel.labelFlags + snapshots.snapshotFlags)
        guard (profitThreshold ?? 0.5).isFinite else {
            throw ValidationError("--profit-threshold is a probability")
        }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--table", table.table), ("--model", model)],
            outputs: events.rejectFiles)
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        let decision = try profit.decision(threshold: profitThreshold, model: verified.scorer.model)
        let report =
            table.table == nil
            ? try await evaluateLog(verified, decision) : try await evaluateTable(verified, decision)
        try Terminal.result(format == .json ? report.document.pretty : report.text)
    }

    private func evaluateLog(
        _ verified: ModelFile.Verified, _ decision: UsedDecision
    ) async throws -> SlicedReport {
        let tenure = Feature(name: "tenure for slices", kind: .tenure)
        let (source, otherLabel) = (try events.source(), try otherLabel.label())
        let log = try ModelLog(verified, source: source, extra: [tenure], otherLabel: otherLabel)
        try source.known(in: log.log).check(otherLabel)
        let horizon = log.plan.label?.horizon ?? TimeSpan(milliseconds: 0)
        let snapshotTimes = try snapshots.settings(events).times(
            of: source, span: log.log.span, end: log.dataUntil, horizon: horizon)
        let table = try await SnapshotTable.extract(
            from: log.log, plan: log.plan, at: snapshotTimes, dataUntil: log.dataUntil, threads: threads,
            observer: TerminalObserver())
        let scores = verified.scorer.scores(table)
        try FiniteScores(verified.scorer, table: table, file: events.fileNames).check(scores)
        let rows = table.labels.indices.filter { table.labels[$0] != nil }
        guard !rows.isEmpty else {
            throw InputError(
                InputPlace(file: events.events.joined(separator: " ")),
                "no snapshot has a label: the data end \(log.dataUntil) and the horizon is \(horizon); "
                    + "choose earlier ones with --at, or look whether anybody is in the population "
                    + "(\(log.plan.population.description))")
        }
        let outcomes = Outcomes(
            logOdds: rows.map { scores[$0].logOdds }, probabilities: rows.map { scores[$0].probability },
            labels: rows.map { table.labels[$0] ?? false }, users: rows.map { table.users[$0] },
            values: decision.values(table.numbers, rows: rows))
        let tenures = table.numbers.last ?? []
        return SlicedReport(
            outcomes, overall: try await overall(outcomes, decision.metrics),
            decisionEvaluation: decisionEvaluation(outcomes, decision, verified), hash: verified.hash,
            unlabelled: table.count - rows.count, sliceValues: rows.map { tenures[$0] })
    }

    private func decisionEvaluation(
        _ outcomes: Outcomes, _ decision: UsedDecision, _ verified: ModelFile.Verified
    ) -> DecisionEvaluation {
        DecisionEvaluation(
            used: decision, contacts: decision.report(outcomes, bootstrap: intervals.parsed),
            best: decision.metrics.profit.best(outcomes), inputs: verified.scorer.model.inputs)
    }

    private func overall(_ outcomes: Outcomes, _ settings: MetricSettings) async throws -> EvaluationReport {
        let bar = ProgressBar("drawing users")
        defer { bar.finish() }
        return try await EvaluationReport.detailed(
            outcomes, settings: settings, bootstrap: intervals.parsed, threads: threads
        ) { bar.update($0) }
    }

    private func evaluateTable(
        _ verified: ModelFile.Verified, _ decision: UsedDecision
    ) async throws -> SlicedReport {
        let model = verified.scorer.model
        guard case .table(let target, let positive) = model.source else {
            throw ValidationError("the model is of event logs; give --events FILE instead of --table")
        }
        let targetColumn = table.target ?? target
        let source = try table.source(events.rows)
        let read = try await source.read(inputsOf: model, target: targetColumn, threads: threads)
        _ = try source.ids(of: read)
        let inputs = try ModelTable(read, model: model)
        let labels = try source.labels(of: read, target: targetColumn, positive: table.positive ?? positive)
        let scores = verified.scorer.scores(
            numbers: inputs.numbers, keys: inputs.keys, rowCount: inputs.rowCount)
        try FiniteScores(verified.scorer, table: read, inputs: inputs).check(scores)
        let groups = try table.group.map { TableSource.codes(try read.column($0, flag: "--group").texts) }
        let outcomes = Outcomes(
            logOdds: scores.map(\.logOdds), probabilities: scores.map(\.probability), labels: labels,
            users: groups ?? labels.indices.map { Int32($0) },
            values: decision.values(inputs.numbers, rows: labels.indices))
        return SlicedReport(
            outcomes, overall: try await overall(outcomes, decision.metrics),
            decisionEvaluation: decisionEvaluation(outcomes, decision, verified), hash: verified.hash,
            unlabelled: 0,
            sliceValues: nil)
    }
}

/// The profit of a threshold on the rows of an evaluation.
struct DecisionEvaluation {
    let used: UsedDecision
    /// Nil without a threshold.
    let contacts: ContactReport?
    /// The threshold that would have brought the most on these rows.
    let best: Profit.Result?
    let inputs: [Model.Input]
}

/// Metrics over all rows and by slices of tenure.
struct SlicedReport {
    let hash: String
    let unlabelled: Int
    let overall: EvaluationReport
    let decisionEvaluation: DecisionEvaluation
    let plot: DecilePlot
    let slices: [(name: String, report: EvaluationReport)]

    init(
        _ outcomes: Outcomes, overall: EvaluationReport, decisionEvaluation: DecisionEvaluation, hash: String,
        unlabelled: Int,
        sliceValues: [Double]?
    ) {
        self.hash = hash
        self.unlabelled = unlabelled
        self.overall = overall
        self.decisionEvaluation = decisionEvaluation
        plot = DecilePlot(Decile.list(outcomes))
        slices = sliceValues.map { Self.slices(outcomes, tenure: $0) } ?? []
    }

    /// The rows in quarters by tenure, in days.
    private static func slices(
        _ outcomes: Outcomes, tenure: [Double]
    ) -> [(name: String, report: EvaluationReport)] {
        let known = tenure.filter { !$0.isNaN }.sorted()
        guard known.count >= 4 else { return [] }
        let edges = Array(Set((1...3).map { known[$0 * known.count / 4] })).sorted()
        let bounds = [-Double.infinity] + edges + [Double.infinity]
        return zip(bounds, bounds.dropFirst()).compactMap { low, high in
            let slice = outcomes.filtered { tenure[$0] >= low && tenure[$0] < high }
            guard slice.count > 0 else { return nil }
            let name =
                low == -.infinity
                ? "under \(Format.short(high)) days"
                : high == .infinity
                    ? "\(Format.short(low)) days and more"
                    : "\(Format.short(low)) to \(Format.short(high)) days"
            return (name, EvaluationReport(slice))
        }
    }

    var document: JSON {
        var members = overall.document.members ?? []
        if let decision = decisionEvaluation.used.document(
            decisionEvaluation.contacts, inputs: decisionEvaluation.inputs)
        {
            members.append(JSONMember(name: "decision", value: decision))
        }
        members.append(JSONMember(name: "bestThreshold", value: decisionEvaluation.best?.document ?? .null))
        members.append(JSONMember(name: "unlabelled", value: .number(unlabelled)))
        members.append(
            JSONMember(
                name: "tenure",
                value: .array(
                    slices.map { name, report in
                        .object(
                            [JSONMember(name: "slice", value: .string(name))]
                                + (report.document.members ?? []))
                    })))
        members.append(JSONMember(name: "model", value: .string(hash)))
        return .object(members)
    }

    private var bestLine: String? {
        guard let best = decisionEvaluation.best else { return nil }
        guard best.threshold.isFinite else { return "An offer to nobody would have been best on these rows." }
        return """
            Most profit on these rows: \(Format.fixed(best.mean, 3)) per row, with an offer to the \
            \(Format.percent(best.fraction)) whose probability is at least \(Format.fixed(best.threshold, 4)).
            To evaluate a threshold, choose it on earlier rows (--profit-threshold).
            """
    }

    var text: String {
        var lines = ["Model \(hash.prefix(12))…:", MetricsText(overall).text, ""]
        if let text = decisionEvaluation.used.text, let contacts = decisionEvaluation.contacts {
            lines += [text, ContactText(contacts).text, ""]
        }
        if let bestLine { lines += [bestLine, ""] }
        if unlabelled > 0 {
            lines += ["\(Format.count(unlabelled)) rows have no label yet and do not count.", ""]
        }
        lines += ["Share with label 1, by tenth of the score:", plot.text]
        guard !slices.isEmpty else { return lines.joined(separator: "\n") }
        var table = TextTable([
            ("tenure", .left), ("rows", .right), ("users", .right), ("base rate", .right), ("AUC", .right),
            ("log loss", .right), ("base", .right), ("obs/exp", .right),
        ])
        for (name, report) in slices {
            table.append([
                name, Format.count(report.rows), Format.count(report.users),
                Format.percent(Double(report.positives) / Double(max(1, report.rows))),
                Format.fixed(report.auc, 4), Format.fixed(report.logLoss, 4),
                Format.fixed(report.baseLogLoss, 4), Format.fixed(report.observedToExpected, 3),
            ])
        }
        lines += ["", "By tenure:", table.text]
        return lines.joined(separator: "\n")
    }
}
