import LimpetDocuments
public import LimpetEvaluation
import LimpetEvents
import LimpetFiles
public import LimpetScoring
import LimpetTraining

/// A model whose probabilities were recalibrated on rows with a known outcome.
///
///     let source = TableSource("labelled.csv")
///     let rows = try await ModelPopulation.read(model, table: source)
///     let result = try await RecalibratedModel(model, rows, file: source.file)
///     let hash = try ModelFile.write(result.model, to: "recalibrated.json")
public struct RecalibratedModel: Sendable {
    /// The model with its new calibrator, whose provenance names the recalibration.
    public let model: Model
    /// The hash of the file of the model before.
    public let parent: String
    /// The correction of intercept and slope.
    public let recalibration: Recalibration
    /// The values of a table's target; nil for a log.
    public let target: TargetValues?
    /// The metrics of the rows by the old probabilities.
    public let before: EvaluationReport
    /// Those by the new ones: the fit of these rows, and no forecast.
    public let after: EvaluationReport

    /// Recalibrates a model.
    ///
    /// - Parameters:
    ///   - verified: the model.
    ///   - population: the rows, read for the model.
    ///   - file: the name of the rows' file, for messages.
    ///   - bootstrap: the resampling of users for intervals; nil for none.
    ///   - threads: the number of parts worked on at the same time; no result depends on it.
    ///   - observer: is told how far the drawing of users is.
    /// - Throws: `InputError` when no row has a label or too few have, and when a score is no finite number.
    public init(
        _ verified: ModelFile.Verified, _ population: ModelPopulation, file: String,
        bootstrap: Bootstrap? = nil, threads: Int = Processors.count,
        observer: any PipelineObserver = SilentObserver()
    ) async throws {
        let place = InputPlace(file: file)
        func outcomes(_ scorer: Scorer) throws -> Outcomes {
            guard let outcomes = population.outcomes(try population.scores(scorer)) else {
                throw InputError(
                    place,
                    "no row has a label yet; choose earlier times with --at, or a table with the target")
            }
            return outcomes
        }
        let old = try outcomes(verified.scorer)
        do { recalibration = try Recalibration(old) } catch { throw InputError(place, "\(error)") }
        model = try Self.model(verified, recalibration, rows: old)
        let new = try outcomes(Scorer(model))
        let stage = observer.begin("drawing users")
        defer { stage.finish() }
        before = try await EvaluationReport.detailed(old, bootstrap: bootstrap, threads: threads) {
            stage.update($0 / 2)
        }
        after = try await EvaluationReport.detailed(new, bootstrap: bootstrap, threads: threads) {
            stage.update(0.5 + $0 / 2)
        }
        (parent, target) = (verified.hash, population.target)
    }

    private static func model(
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
