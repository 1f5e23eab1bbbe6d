import LimpetPipelines
import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetParallel
import LimpetReports
import LimpetScoring
import LimpetTraining

/// The report of a training, as text and as JSON.
struct TrainingReport {
    /// The result of the training.
    let outcome: ModelTraining.Outcome
    /// The reason why not all kinds of models were tried; nil where all were, or one was given.
    var restriction: String?
    /// The file of the model, as it was named.
    let output: String?
    /// The clock of the run, which is read when the report is made.
    let clock: StageClock

    private var result: ModelTrainer.Result { outcome.result }
    private var model: Model { result.model }
    private var input: TrainingInput { outcome.input }
    private var search: SearchResult? { outcome.search }
    private var inference: LogisticInference? { try? outcome.inference?.get() }
    private var hash: String? { outcome.hash }
    /// The requested calibration; the model holds the one that was fitted.
    private var calibration: CalibrationMethod { outcome.settings.calibration }
    /// The share of the rows with label 0 that the training used.
    private var shareOfZeros: Double { outcome.settings.zerosKept }
    /// True when another model was trained further.
    private var isTrainedFurther: Bool { outcome.settings.initial != nil }

    var document: JSON {
        var members: [JSONMember] = [
            JSONMember(name: "kind", value: .string(model.kind.rawValue)),
            JSONMember(name: "rows", value: .number(model.training.rows)),
            JSONMember(name: "users", value: .number(model.training.users)),
            JSONMember(name: "positives", value: .number(model.training.positives)),
            JSONMember(name: "inputs", value: .number(model.inputs.count)),
            JSONMember(name: "target", value: input.target?.document ?? .null),
            JSONMember(name: "terms", value: .number(model.terms.count)),
            JSONMember(name: "chosen", value: result.chosen),
            JSONMember(name: "chosenBy", value: .string(result.choiceMethod.rawValue)),
        ]
        if let stopped = result.stopped {
            members.append(JSONMember(name: "stoppedDuring", value: .string(stopped.rawValue)))
        }
        if shareOfZeros < 1 { members.append(JSONMember(name: "zerosKept", value: .number(shareOfZeros))) }
        if isTrainedFurther { members.append(JSONMember(name: "trainedFurther", value: .boolean(true))) }
        if !silentInputs.isEmpty {
            members.append(
                JSONMember(name: "silentInputs", value: .array(silentInputs.map { .string($0) })))
        }
        members += TrainingCaution(outcome).members
        members += input.treatment?.members ?? []
        let estimate = result.estimate?.document.members
        let empty = ["auc", "logLoss"].map { JSONMember(name: $0, value: .null) }
        members += estimate ?? empty
        members.append(JSONMember(name: "calibration", value: .string(model.calibrator.name)))
        members.append(JSONMember(name: "trainAuc", value: result.inSample.auc.map { .number($0) } ?? .null))
        members.append(
            JSONMember(name: "trainLogLoss", value: result.inSample.logLoss.map { .number($0) } ?? .null))
        members.append(
            JSONMember(
                name: "seconds",
                value: StagesReport(clock).document))
        if let search {
            if search.candidatesOnly {
                members.append(
                    JSONMember(
                        name: "command",
                        value: .string(CommandText.repeating(search.point, halfLife: result.halfLife))))
            }
            members.append(
                JSONMember(name: "search", value: search.document(seconds: true, pipelines: pipelines)))
        }
        if let halfLife = result.halfLife {
            members.append(JSONMember(name: "halfLife", value: halfLife.document))
        }
        if let inference {
            members.append(JSONMember(name: "inference", value: InferenceReport(inference).document))
        }
        if let decision = model.decision {
            members.append(JSONMember(name: "modelDecision", value: decision.document))
        }
        members.append(JSONMember(name: "model", value: hash.map { .string($0) } ?? .null))
        return .object(members)
    }

    private var pipelines: [Estimate.Pipeline] { result.estimate?.pipelines ?? [] }

    var text: String {
        let caution = TrainingCaution(outcome)
        var lines = [caution.fewLeavers, dataLine, ""].compactMap { $0 }
        if let stopLine { lines += [stopLine, ""] }
        if let silentLine { lines += [silentLine, ""] }
        if shareOfZeros < 1 {
            lines += [
                "Of the rows with label 0 these are \(Format.percent(shareOfZeros)); the model and all "
                    + "metrics below are of all.",
                "",
            ]
        }
        if let search {
            lines += [candidateTable(search).text, ""]
        } else if let restriction {
            lines += ["Only \(model.kind.rawValue) were tried, without pairs: \(restriction).", ""]
        }
        if let halfLife = result.halfLife { lines += [halfLife.text, ""] }
        if let treatment = input.treatment { lines += [treatment.text, ""] }
        if let estimate = result.estimate {
            let metrics = MetricsText(estimate.pooled, folds: estimate.folds)
            lines += [estimateTitle(estimate), metrics.text, ""]
            if let unproven = caution.unproven { lines += [unproven, ""] }
            if isTrainedFurther { lines += [Self.furtherLine, ""] }
            if let suspect = caution.suspectLine { lines += [suspect, ""] }
            lines += [
                "Share with label 1, by tenth of the score:", DecilePlot(estimate.pooled.deciles).text, "",
            ]
            if let decision = estimate.decision {
                lines += [decisionTitle(estimate), ContactText(decision).text, ""]
            }
        } else {
            let reason =
                result.stopped == .estimate
                ? "No part of the estimate was finished" : "Nothing was held out (--folds 0)"
            lines += ["\(reason), so there is no honest estimate.", ""]
        }
        if let decision = model.decision {
            lines += ["The model says: \(DecisionText(decision).text).", ""]
        }
        if let mostRoundsLine { lines += [mostRoundsLine, ""] }
        if let calibrationLine { lines += [calibrationLine, ""] }
        if let inference { lines += [InferenceReport(inference).text, ""] }
        lines +=
            model.terms.isEmpty
            ? ["No input tells users apart: the model gives everybody the share with label 1.", ""]
            : ["What moves the score most:", TermList(model).text(limit: 12), ""]
        if let times = StagesReport(clock).text { lines += [times, ""] }
        lines.append(fileLine)
        return lines.joined(separator: "\n")
    }

    /// The lines that call for attention.
    var warnings: [String] {
        let caution = TrainingCaution(outcome)
        return [
            caution.fewLeavers, caution.unproven, stopLine, silentLine, caution.suspectLine, mostRoundsLine,
            calibrationLine,
        ].compactMap { $0 }
            + (isTrainedFurther ? [Self.furtherLine] : [])
    }

    /// Returns the candidates or the trials of a search.
    func candidateTable(_ search: SearchResult) -> TitledTable {
        search.candidatesOnly
            ? CandidatesText(
                search, pipelines: pipelines, restriction: restriction, halfLife: result.halfLife
            ).table
            : SearchText(search, pipelines: pipelines, halfLife: result.halfLife).table
    }

    var dataLine: String {
        let rows =
            "\(Format.count(model.training.rows)) rows of \(Format.count(model.training.users)) users, "
            + "\(Format.percent(model.training.baseRate)) with label 1; \(model.inputs.count) inputs"
        guard case .log(_, let population, let label) = input.source, let log = input.log else {
            return ([rows] + [input.target?.text].compactMap { $0 }).joined(separator: "\n")
        }
        let labelled = Array(Set(input.data.times ?? [])).sorted()
        let snapshotTimes = labelled.first.map { first in
            labelled.count == 1
                ? "1 snapshot at \(first)"
                : "\(labelled.count) snapshots from \(first) to \(labelled[labelled.count - 1])"
        }
        return """
            Predicts: \(label.description). Population: \(population.description).
            \(Format.count(log.events)) events, data until \(log.dataUntil); \
            \(snapshotTimes ?? "no snapshots")
            \(rows)
            """
    }

    func estimateTitle(_ estimate: Estimate) -> String {
        switch estimate.method {
        case .forwardInTime where input.data.splitTime != nil:
            "On rows from \(input.data.splitTime?.description ?? "") on, by a model of those before:"
        case .forwardInTime:
            "On later snapshots, by a model that saw only what was known before them:"
        case .outOfFold:
            "On users that were held out (\(estimate.folds.count) folds):"
        }
    }

    private func decisionTitle(_ estimate: Estimate) -> String {
        let thresholds = Set(estimate.pipelines.compactMap(\.threshold)).sorted()
        let told = thresholds.map { $0 == .infinity ? "nobody" : Format.fixed($0, 4) }
        let range = told.count > 2 ? "\(told[0]) to \(told[told.count - 1])" : told.joined(separator: " and ")
        return "Profit at thresholds (\(range)) that were chosen without the rows evaluated here:"
    }

    /// The line that tells that another calibration was fitted than was requested, and why; nil when none
    /// was.
    private var calibrationLine: String? {
        guard model.calibrator.name != calibration.rawValue else { return nil }
        let least = Format.count(CalibratorFit.isotonicUsers)
        let reason =
            calibration == .isotonic
            ? "isotonic needs \(least) held-out users with label 1 and scores that differ"
            : result.estimate?.pooled.auc == 1
                ? "held-out rows are told apart without an exception, so that no line is the best"
                : "on held-out rows the score does not rise with the label"
        return "Calibration is \(model.calibrator.name), not \(calibration.rawValue): \(reason)."
    }

    private static let furtherLine = """
        If the model that is trained further had learnt from these very rows, all this is too good: it \
        knew them.
        """

    /// The names of the inputs that have one value in all rows.
    private var silentInputs: [String] {
        zip(input.data.inputs, input.data.columns).filter { $1.isConstant }.map(\.0.name)
    }

    private var silentLine: String? {
        let names = silentInputs
        guard !names.isEmpty else { return nil }
        let rest = names.count > 8 ? ", …" : ""
        let count = names.count == 1 ? "1 input has" : "\(names.count) inputs have"
        return "\(count) the same value in all rows: \(names.prefix(8).joined(separator: ", "))\(rest)"
    }

    private var stopLine: String? {
        switch result.stopped {
        case .estimate? where search != nil:
            "Stopped during the estimate, which holds \(result.estimate?.folds.count ?? 0) parts that were "
                + "finished; the model's setting was chosen on all rows, by the search below."
        case .estimate? where result.estimate == nil:
            "Stopped during the estimate, before any of its parts was finished; the model's setting"
                + "\(roundsText) is the best of those looked at until then."
        case .estimate?:
            "Stopped during the estimate, which holds \(result.estimate?.folds.count ?? 0) parts that were "
                + "finished; one of its parts has chosen the model's setting\(roundsText)."
        case .choose? where result.estimate != nil && search == nil:
            "Stopped while the setting was chosen: it is the one\(roundsText) that the estimate has chosen."
        case .choose?:
            "Stopped while the setting was chosen: it is the best\(roundsText) of those looked at until then."
        case .fit?: "Stopped during the last fit: it has the rounds made until then, fewer than were chosen."
        case .intervals?, nil: nil
        }
    }

    /// The number of rounds of boosting that were chosen; nil for other kinds.
    private var rounds: Int? {
        result.chosen.members?.first { $0.name == "rounds" }?.value.integer
    }

    private var roundsText: String { rounds.map { " (\(Format.count($0)) rounds)" } ?? "" }

    /// The line that tells that more rounds might have been chosen than there may be.
    private var mostRoundsLine: String? {
        let stumps = outcome.settings.stumps
        guard let rounds, rounds == stumps.maximumRounds, stumps.stopsEarly, result.stopped == nil else {
            return nil
        }
        return "All \(Format.count(rounds)) rounds were chosen, the most that there may be: the loss on "
            + "held-out rows may still fall with more (--rounds \(2 * rounds))."
    }

    private var fileLine: String {
        guard let output, let hash else { return "No model file was written; name one with --output FILE." }
        return """
            Wrote \(output) (\(hash.prefix(12))…). Next:
              limpet explain --model \(output)
              limpet score --model \(output) …
            """
    }
}

extension Calibrator {
    /// The name of the method that fits the calibrator.
    fileprivate var name: String {
        switch self {
        case .none: "none"
        case .platt: "platt"
        case .isotonic: "isotonic"
        }
    }
}
