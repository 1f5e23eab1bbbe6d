import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetTraining

/// `limpet recalibrate`.
struct RecalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recalibrate",
        abstract: "Recalibrate a model's probabilities on rows whose outcome is known.",
        discussion: """
            limpet recalibrate --model model.json --events log.csv \\
              --at 2011-09-01 --output recalibrated.json
            limpet recalibrate --model model.json --table labelled.csv \\
              --output recalibrated.json

            First the intercept is corrected, so that as many are expected as happened.
            The slope is corrected too where that pays beyond chance (5 %), rows of one
            user counting once. Terms, reasons and the order of users stay as they
            are. At least 50 rows of each label are needed.
            """)

    @Option(help: "Model file, or a model of a registry such as name@champion.")
    var model: String

    @OptionGroup(title: "Rows") var population: PopulationOptions
    @OptionGroup(title: "Confidence intervals") var intervals: IntervalOptions

    @Option(help: "Model file to write.")
    var output: String

    @Option(help: "How the report is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        try DistinctFiles.check(
            inputs: population.inputFiles + [("--model", model)],
            outputs: population.events.rejectFiles + [("--output", output)])
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        let rows = try await population.read(verified)
        let scores = try rows.scores(verified.scorer)
        let place = InputPlace(
            file: population.table.table ?? population.events.events.joined(separator: " "))
        guard let outcomes = rows.outcomes(scores) else {
            throw InputError(
                place, "no row has a label yet; choose earlier times with --at, or a table with the target")
        }
        let recalibration: Recalibration
        do { recalibration = try Recalibration(outcomes) } catch { throw InputError(place, "\(error)") }
        let recalibrated = try corrected(verified, recalibration, rows: outcomes)
        let scorer = Scorer(recalibrated)
        guard let after = rows.outcomes(try rows.scores(scorer)) else { return }
        let bar = ProgressBar("drawing users")
        let reports = [
            try await EvaluationReport.detailed(
                outcomes, bootstrap: intervals.parsed, threads: population.threads
            ) { bar.update($0 / 2) },
            try await EvaluationReport.detailed(
                after, bootstrap: intervals.parsed, threads: population.threads
            ) { bar.update(0.5 + $0 / 2) },
        ]
        bar.finish()
        let hash = try ModelFile.write(recalibrated, to: output)
        let report = RecalibrationReport(
            recalibration: recalibration, before: reports[0], after: reports[1], parent: verified.hash,
            hash: hash)
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        if recalibrated.decision != nil {
            Terminal.note("The threshold is that of the old probabilities; choose it anew.")
        }
    }

    private func corrected(
        _ verified: ModelFile.Verified, _ recalibration: Recalibration, rows: Outcomes
    ) throws -> Model {
        var model = verified.scorer.model
        model.calibrator = recalibration.after(model.calibrator)
        let entry = JSON.object([
            "parent": .string(verified.hash), "rows": .number(rows.count),
            "positives": .number(rows.positives),
            "intercept": .number(recalibration.intercept), "slope": .number(recalibration.slope),
            "slopeStatistic": .number(recalibration.slopeStatistic),
            "limpet": .string(Release.version),
        ])
        var members = (model.provenance.members ?? []).filter { $0.name != "recalibrations" }
        let earlier = model.provenance["recalibrations"]?.array ?? []
        members.append(JSONMember(name: "recalibrations", value: .array(earlier + [entry])))
        model.provenance = .object(members)
        return try model.withGoldenInputs(zone: verified.zone)
    }
}

/// The result of a recalibration, as text and as JSON.
struct RecalibrationReport {
    let recalibration: Recalibration
    let before: EvaluationReport
    let after: EvaluationReport
    let parent: String
    let hash: String

    var text: String {
        let what =
            recalibration.slope == 1
            ? "The intercept moves by \(Format.signed(recalibration.intercept, 3)) in log-odds; "
                + "the slope stays (χ² \(Format.fixed(recalibration.slopeStatistic, 2)), above "
                + "\(Format.fixed(Recalibration.criticalValue, 2)) it would not)."
            : "The slope becomes \(Format.fixed(recalibration.slope, 3)) and the intercept "
                + "\(Format.signed(recalibration.intercept, 3)) (χ² of the slope "
                + "\(Format.fixed(recalibration.slopeStatistic, 1)))."
        var table = TextTable([
            ("\(Format.count(before.rows)) rows", .left), ("observed/expected", .right), ("slope", .right),
            ("log loss", .right), ("AUC", .right),
        ])
        for (name, report) in [("before", before), ("after", after)] {
            func cell(_ metric: ReportMetric, _ decimals: Int) -> String {
                let interval = report.intervals?[metric].map {
                    " (\(Format.fixed($0.lower, decimals))–\(Format.fixed($0.upper, decimals)))"
                }
                return Format.fixed(report[metric], decimals) + (interval ?? "")
            }
            table.append([
                name, cell(.observedToExpected, 3), cell(.calibrationSlope, 3), cell(.logLoss, 4),
                cell(.auc, 4),
            ])
        }
        return """
            \(what)
            \(table.text)
              The probabilities were recalibrated on these rows: "after" is their fit, and no forecast.
            model \(parent.prefix(12))… → \(hash.prefix(12))…
            """
    }

    var document: JSON {
        .object([
            "intercept": .number(recalibration.intercept), "slope": .number(recalibration.slope),
            "slopeStatistic": .number(recalibration.slopeStatistic), "before": before.document,
            "after": after.document, "parent": .string(parent), "model": .string(hash),
        ])
    }
}
