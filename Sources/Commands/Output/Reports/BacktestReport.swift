import LimpetPipelines
import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetParallel
import LimpetScoring
import LimpetTraining

/// The report of a backtest, as text, JSON or CSV.
struct BacktestReport {
    let result: BacktestResult
    let input: TrainingInput
    let kind: String
    let zone: TimeZoneRules
    let clock: StageClock

    /// The metrics whose mean and spread over origins are reported.
    private static let spreadMetrics: [ReportMetric] = [
        .auc, .logLoss, .logLossSkill, .observedToExpected, .calibrationSlope,
    ]

    func rendered(_ format: BacktestFormat) -> String {
        switch format {
        case .text: text
        case .json: document.pretty
        case .csv: csv
        }
    }

    /// Returns the civil date of a snapshot time.
    func date(_ time: Timestamp) -> String { "\(CivilDate(dayNumber: zone.dayNumber(at: time)))" }

    // MARK: - Text

    private var text: String {
        var parts = [introduction]
        if !result.isWhole {
            parts.append(
                "Stopped: \(result.origins.count) of \(result.planned) models were trained and tested.")
        }
        if let treatment = input.treatment { parts.append(treatment.text) }
        parts.append(originTable)
        if !doubts.isEmpty { parts.append(doubtText) }
        if !result.skipped.isEmpty { parts.append(skippedText) }
        parts.append("AUC over time:\n" + plot(.auc))
        parts.append("Observed / expected over time:\n" + plot(.observedToExpected, reference: 1))
        parts.append("Over origins, each counting alike:\n" + spreadTable)
        parts.append("Over all test rows, ranked by probability:\n" + MetricsText(result.pooled).text)
        if result.origins.count > 1 { parts.append(termText) }
        if let times = StagesReport(clock).text { parts.append(times) }
        return parts.joined(separator: "\n\n")
    }

    var introduction: String {
        let count = result.origins.count
        return """
            \(count) \(count == 1 ? "model" : "models") (\(kind)), each trained on snapshots \
            whose label was known at its origin,
            and tested on the snapshots of the period that follows.
            """
    }

    private var originTable: String {
        var table = TextTable([
            ("origin", .left), ("learnt rows", .right), ("leavers", .right), ("rate", .right),
            ("test rows", .right), ("users", .right),
            ("known", .right), ("base rate", .right), ("AUC", .right), ("log loss", .right), ("base", .right),
            ("obs/exp", .right), ("slope", .right),
        ])
        for origin in result.origins {
            let report = origin.report
            table.append([
                date(origin.period.origin), Format.count(origin.training.rows),
                Format.count(origin.training.positiveUsers), Format.percent(origin.training.rate),
                Format.count(report.rows), Format.count(report.users),
                Format.percent(Double(origin.knownRows) / Double(max(1, report.rows)), 0),
                Format.percent(report.baseRate), Format.fixed(report.auc, 4), Format.fixed(report.logLoss, 4),
                Format.fixed(report.baseLogLoss, 4), Format.fixed(report.observedToExpected, 3),
                Format.fixed(report.calibrationSlope, 3),
            ])
        }
        return table.text
            + """

              leavers, rate: users with label 1, and the share of rows with it, that were learnt from
              known: test rows of users that were learnt from; base: the log loss of the test's own base rate
            """
    }

    /// The origins whose test may say little, with the reasons.
    var doubts: [(origin: BacktestResult.Origin, reasons: [String])] {
        result.origins.filter { !$0.doubts.isEmpty }.map { ($0, $0.doubts.map(Self.text)) }
    }

    private static func text(_ doubt: BacktestResult.Doubt) -> String {
        switch doubt {
        case .fewUsers(let label, let users):
            "it learnt from \(Format.count(users)) users with label \(label ? 1 : 0); "
                + "\(BacktestResult.Doubt.leastUsers) are needed to know a base rate"
        case .otherRate(let learnt, let tested):
            "it learnt at \(Format.percent(learnt)) with label 1 and was tested at "
                + "\(Format.percent(tested)): has the log begun to hold other events in between?"
        }
    }

    var doubtText: String {
        let lines = doubts.flatMap { origin, reasons in
            reasons.map { "  \(date(origin.period.origin)): \($0)" }
        }
        return (["These tests say little of a model to come (--first-origin leaves them out):"] + lines)
            .joined(separator: "\n")
    }

    private var skippedText: String {
        let lines = result.skipped.map { skipped in
            let training = skipped.training
            return "  \(date(skipped.period.origin)): \(training.positiveUsers) users with label 1 and "
                + "\(training.negativeUsers) with label 0 were known, \(skipped.neededUsers) of each are "
                + "needed"
        }
        return (["Left out:"] + lines).joined(separator: "\n")
    }

    private func plot(_ metric: ReportMetric, reference: Double? = nil) -> String {
        let rows = result.origins.compactMap { origin in
            origin.report[metric].map { value in
                let interval = origin.report.intervals?[metric]
                return IntervalPlot.Row(
                    label: date(origin.period.origin), value: value, lower: interval?.lower,
                    upper: interval?.upper)
            }
        }
        return rows.isEmpty
            ? "  not defined at any origin" : IntervalPlot(rows: rows, reference: reference).text
    }

    private var spreadTable: String {
        var table = TextTable([
            ("", .left), ("mean", .right), ("deviation", .right), ("least", .right), ("most", .right),
            (doubts.isEmpty ? "" : "mean without the doubtful", .right),
        ])
        for metric in Self.spreadMetrics {
            let spread = result.spread(metric)
            let sure = doubts.isEmpty ? nil : result.spread(metric, withoutDoubt: true)
            let values = [spread?.mean, spread?.deviation, spread?.least, spread?.most]
            table.append(
                [metric.rawValue] + values.map { Format.fixed($0, 4) }
                    + [doubts.isEmpty ? "" : Format.fixed(sure?.mean, 4)])
        }
        return table.text
    }

    private var termText: String {
        var table = TextTable([
            ("term", .left), ("importance", .right), ("±", .right), ("correlation", .right),
            ("least", .right),
            ("deviation", .right), ("models", .right),
        ])
        let limit = 15
        for term in result.terms.prefix(limit) {
            table.append([
                term.inputs.joined(separator: " × "), Format.fixed(term.importance, 3),
                Format.fixed(term.importanceDeviation, 3), Format.fixed(term.correlation, 3),
                Format.fixed(term.leastCorrelation, 3), Format.fixed(term.deviation, 3),
                "\(term.models)",
            ])
        }
        let rest = result.terms.count - limit
        return """
            Stability of the terms, on the same rows (correlation: of each model with the next; deviation: \
            of a row's contribution
            from its mean over models, in log-odds):
            \(table.text)\(rest > 0 ? "\n  and \(rest) more (--format json shows all)" : "")
            """
    }

    // MARK: - JSON and CSV

    private var document: JSON {
        .object([
            "kind": .string(kind),
            "rows": .number(input.data.count), "planned": .number(result.planned),
            "treatment": input.treatment.map { .object($0.members) },
            "origins": .array(result.origins.map { document($0) }),
            "skipped": .array(result.skipped.map { document($0) }),
            "overOrigins": spreads(withoutDoubt: false),
            "overOriginsWithoutDoubt": spreads(withoutDoubt: true),
            "pooled": result.pooled.document,
            "terms": .array(result.terms.map(\.document)),
            "seconds": StagesReport(clock).document,
        ])
    }

    private func spreads(withoutDoubt: Bool) -> JSON {
        .object(
            Self.spreadMetrics.map { metric in
                let spread = result.spread(metric, withoutDoubt: withoutDoubt)
                return JSONMember(name: metric.rawValue, value: spread?.document ?? .null)
            })
    }

    private func document(_ origin: BacktestResult.Origin) -> JSON {
        .object(
            [
                JSONMember(name: "origin", value: .string(origin.period.origin.description)),
                JSONMember(name: "end", value: .string(origin.period.end.description)),
                JSONMember(name: "trainingRows", value: .number(origin.training.rows)),
                JSONMember(name: "trainingUsers", value: .number(origin.training.users)),
                JSONMember(name: "trainingPositiveUsers", value: .number(origin.training.positiveUsers)),
                JSONMember(name: "trainingNegativeUsers", value: .number(origin.training.negativeUsers)),
                JSONMember(
                    name: "trainingRate", value: origin.training.rate.map { .number($0) } ?? .null),
                JSONMember(
                    name: "doubts", value: .array(origin.doubts.map { .string(Self.text($0)) })),
                JSONMember(name: "knownRows", value: .number(origin.knownRows)),
                JSONMember(name: "chosen", value: origin.chosen),
            ] + (origin.report.document.members ?? []))
    }

    private func document(_ skipped: BacktestResult.Skipped) -> JSON {
        .object([
            "origin": .string(skipped.period.origin.description),
            "positiveUsers": .number(skipped.training.positiveUsers),
            "negativeUsers": .number(skipped.training.negativeUsers),
            "neededUsers": .number(skipped.neededUsers),
        ])
    }

    private var csv: String {
        let metrics: [ReportMetric] = [
            .auc, .prAuc, .logLoss, .baseLogLoss, .brier, .observedToExpected, .calibrationSlope,
            .liftTopDecile,
        ]
        let header =
            [
                "origin", "end", "training_rows", "training_users", "training_positive_users",
                "training_rate", "rows", "users", "known_rows", "base_rate",
            ] + metrics.map(\.rawValue)
        let lines = result.origins.map { origin in
            [
                origin.period.origin.description, origin.period.end.description, "\(origin.training.rows)",
                "\(origin.training.users)", "\(origin.training.positiveUsers)",
                origin.training.rate.map { "\($0)" } ?? "", "\(origin.report.rows)", "\(origin.report.users)",
                "\(origin.knownRows)", origin.report.baseRate.map { "\($0)" } ?? "",
            ] + metrics.map { origin.report[$0].map { "\($0)" } ?? "" }
        }
        return ([header] + lines).map { $0.joined(separator: ",") }.joined(separator: "\n")
    }
}

extension BacktestResult.Spread {
    fileprivate var document: JSON {
        .object([
            "mean": .number(mean), "deviation": deviation.map { .number($0) } ?? .null,
            "least": .number(least), "most": .number(most),
        ])
    }
}

extension TermStability.Term {
    fileprivate var document: JSON {
        .object([
            "inputs": .array(inputs.map { .string($0) }), "models": .number(models),
            "importance": .number(importance), "importanceDeviation": .number(importanceDeviation),
            "correlation": correlation.map { .number($0) } ?? .null,
            "leastCorrelation": leastCorrelation.map { .number($0) } ?? .null,
            "deviation": .number(deviation),
        ])
    }
}
