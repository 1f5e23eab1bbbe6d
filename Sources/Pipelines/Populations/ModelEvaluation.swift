import LimpetDocuments
public import LimpetEvaluation
import LimpetEvents
public import LimpetFeatures
import LimpetFiles
package import LimpetParallel
public import LimpetScoring

/// An evaluation of a model on other data than it was trained on.
///
///     let model = try ModelFile.read("model.json")
///     let report = try await ModelEvaluation(model).run(LogSource(["later.csv"]))
///     print(report.overall.auc ?? .nan, report.deciles ?? [])
public struct ModelEvaluation: Sendable {
    private let verified: ModelFile.Verified
    private let decision: UsedDecision
    private let bootstrap: Bootstrap?
    private let threads: Int
    /// Inputs, or columns of the table, or properties of the log, by whose values the rows are evaluated too.
    public var segments: [String] = []
    /// The clock that is told the stages.
    package var clock = StageClock()

    /// Prepares an evaluation.
    ///
    /// - Parameters:
    ///   - verified: the model.
    ///   - decision: the threshold and the costs to evaluate the model by; nil for the model's own.
    ///   - bootstrap: the resampling of users for intervals; nil for none.
    ///   - threads: the number of parts worked on at the same time; no result depends on it.
    public init(
        _ verified: ModelFile.Verified, decision: UsedDecision? = nil, bootstrap: Bootstrap? = nil,
        threads: Int = Processors.count
    ) {
        self.verified = verified
        self.decision = decision ?? UsedDecision(verified.scorer.model)
        (self.bootstrap, self.threads) = (bootstrap, threads)
    }

    /// Evaluates the model on the snapshots of a log.
    ///
    /// - Parameters:
    ///   - source: the log, whose observer is told of the stages and receives warnings.
    ///   - otherLabel: the label to evaluate on instead of the model's own.
    ///   - snapshots: the snapshot times.
    /// - Throws: ``RequestError`` when the model is of a table, `InputError` when no snapshot has a label or
    ///   a score is no finite number, and the errors of reading a log.
    public func run(
        _ source: LogSource, otherLabel: Label? = nil, snapshots: SnapshotSettings = SnapshotSettings()
    ) async throws -> SlicedReport {
        clock.begin(.read)
        let tenure = Feature(name: Self.tenureName, kind: .tenure)
        let log = try ModelLog(
            verified, source: source, extra: [tenure] + segmentFeatures, otherLabel: otherLabel)
        try source.known(in: log.log).check(otherLabel)
        clock.begin(.extract)
        let horizon = log.plan.label?.horizon ?? TimeSpan(milliseconds: 0)
        let snapshotTimes = try snapshots.times(
            of: source, span: log.log.span, end: log.dataUntil, horizon: horizon)
        let table = try await SnapshotTable.extract(
            from: log.log, plan: log.plan, at: snapshotTimes, dataUntil: log.dataUntil, threads: threads,
            observer: source.observer)
        warnOfTrainingTimes(snapshotTimes, source.observer)
        clock.begin(.score)
        let scores = verified.scorer.scores(table)
        try FiniteScores(verified.scorer, table: table, file: source.name).check(scores)
        warnOfUnseen(
            table.keys, rowCount: table.count, source.observer,
            CategoryNames(log.log, features: log.plan.featureSet.features))
        let rows = table.labels.indices.filter { table.labels[$0] != nil }
        guard !rows.isEmpty else {
            throw InputError(
                InputPlace(file: source.name),
                "no snapshot has a label: the data end \(log.dataUntil) and the horizon is \(horizon); "
                    + "choose earlier ones with --at, or look whether anybody is in the population "
                    + "(\(log.plan.population.description))")
        }
        let outcomes = Outcomes(
            logOdds: rows.map { scores[$0].logOdds }, probabilities: rows.map { scores[$0].probability },
            labels: rows.map { table.labels[$0] ?? false }, users: rows.map { table.users[$0] },
            values: decision.values(table.numbers, rows: rows))
        return try await report(
            outcomes, unlabelled: table.count - rows.count, by: segmentValues(table, log, rows: rows),
            source.observer)
    }

    private static let tenureName = "tenure for segments"

    /// The last values of the properties that segments are asked for by.
    private var segmentFeatures: [Feature] {
        segments.filter { name in !verified.scorer.model.inputs.contains { $0.name.isVerbatim(name) } }
            .map { Feature(name: $0, kind: .lastCategory, property: $0) }
    }

    /// Returns the segments of a log's rows: by tenure, then those that are asked for.
    private func segmentValues(_ table: SnapshotTable, _ log: ModelLog, rows: [Int]) -> [SegmentValues] {
        let features = log.plan.featureSet.features
        let names = CategoryNames(log.log, features: features)
        return ([Self.tenureName] + segments).compactMap { name in
            guard let place = features.firstIndex(where: { $0.name.isVerbatim(name) }) else { return nil }
            guard !features[place].kind.isCategorical else {
                return SegmentValues(
                    name: name,
                    levels: rows.map { row in
                        let key = TextKey(stored: table.keys[place][row])
                        return key.isMissing ? nil : names.name(key) ?? "?"
                    })
            }
            let numbers = rows.map { table.numbers[place][$0] }
            return name.isVerbatim(Self.tenureName)
                ? SegmentValues(name: "tenure", numbers: numbers, words: .days)
                : SegmentValues(name: name, numbers: numbers)
        }
    }

    /// Returns the segments of a table's rows.
    private func segmentValues(_ table: FlatTable) throws(InputError) -> [SegmentValues] {
        var values: [SegmentValues] = []
        for name in segments {
            let column = try table.column(name, flag: "--by")
            switch column.values {
            case .numbers(let days) where column.notation?.isDate == true:
                let words = column.notation.map { SegmentValues.Words.dates($0) }
                values.append(
                    SegmentValues(name: name, numbers: days.map { -$0 }, words: words ?? .plain))
            case .numbers(let numbers): values.append(SegmentValues(name: name, numbers: numbers))
            case .texts(let dictionary, let codes):
                values.append(
                    SegmentValues(name: name, levels: codes.map { $0 == 0 ? nil : dictionary[Int($0)] }))
            }
        }
        return values
    }

    /// Warns of snapshots at times that the model has learnt from.
    private func warnOfTrainingTimes(_ times: [Timestamp], _ observer: any PipelineObserver) {
        guard let learnt = verified.scorer.model.training.snapshots else { return }
        let inside = times.count { learnt.contains($0) }
        guard inside > 0 else { return }
        observer.note(
            "warning: \(inside) of \(times.count) snapshots are of the time that the model learnt from, "
                + "\(learnt.lowerBound) to \(learnt.upperBound): of the same users these figures flatter it; "
                + "--from a later time leaves them out")
    }

    /// Evaluates the model on the rows of a table, whose target is the model's unless the source names one.
    ///
    /// - Throws: ``RequestError`` when the model is of logs, `InputError` for rows without a label and for a
    ///   score that is no finite number, and the errors of reading a table.
    public func run(_ source: TableSource) async throws -> SlicedReport {
        let model = verified.scorer.model
        guard case .table(let target, let positive) = model.source else {
            throw RequestError("the model is of event logs; give --events FILE instead of --table")
        }
        clock.begin(.read)
        let targetColumn = source.target ?? target
        let read = try await source.read(
            inputsOf: model, target: targetColumn, more: segments, threads: threads)
        _ = try source.ids(of: read)
        let inputs = try ModelTable(read, model: model)
        let (labels, values) = try source.labels(
            of: read, target: targetColumn, positive: source.positive ?? positive)
        clock.begin(.score)
        let scores = verified.scorer.scores(
            numbers: inputs.numbers, keys: inputs.keys, rowCount: inputs.rowCount)
        try FiniteScores(verified.scorer, table: read, inputs: inputs).check(scores)
        warnOfUnseen(
            inputs.keys, rowCount: inputs.rowCount, source.observer,
            CategoryNames(read, inputs: model.inputs))
        let groups = try source.group.map { TableSource.codes(try read.column($0, flag: "--group")) }
        let outcomes = Outcomes(
            logOdds: scores.map(\.logOdds), probabilities: scores.map(\.probability), labels: labels,
            users: groups ?? labels.indices.map { Int32($0) }, weights: try source.weights(of: read),
            values: decision.values(inputs.numbers, rows: labels.indices))
        return try await report(
            outcomes, unlabelled: 0, by: try segmentValues(read), target: values, source.observer)
    }

    private func warnOfUnseen(
        _ keys: [[UInt64]], rowCount: Int, _ observer: any PipelineObserver, _ names: CategoryNames
    ) {
        var levels = UnseenLevels(verified.scorer.model)
        levels.add(keys: keys, rowCount: rowCount, name: names.name)
        for warning in levels.warnings { observer.note(warning) }
    }

    private func report(
        _ outcomes: Outcomes, unlabelled: Int, by segments: [SegmentValues], target: TargetValues? = nil,
        _ observer: any PipelineObserver
    ) async throws -> SlicedReport {
        clock.begin(.metrics)
        let stage = observer.begin("drawing users")
        defer { stage.finish() }
        let overall = try await EvaluationReport.detailed(
            outcomes, settings: decision.metrics, bootstrap: bootstrap, threads: threads
        ) {
            clock.begin(.intervals)
            stage.update($0)
        }
        let profit = DecisionEvaluation(
            used: decision, contacts: decision.report(outcomes, bootstrap: bootstrap),
            best: decision.metrics.profit.best(outcomes), inputs: verified.scorer.model.inputs)
        var segmentations: [Segmentation] = []
        for values in segments {
            segmentations.append(
                try await Segmentation(outcomes, by: values, bootstrap: bootstrap, threads: threads))
        }
        clock.begin(.metrics)
        return SlicedReport(
            overall: overall, decisionEvaluation: profit, hash: verified.hash, unlabelled: unlabelled,
            segmentations: segmentations, target: target)
    }
}
