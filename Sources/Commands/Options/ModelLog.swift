import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// A log read for a model: its own features, for its own population.
struct ModelLog {
    let log: EventLog
    let plan: FeaturePlan
    let dataUntil: Timestamp

    /// Reads a log for a model.
    ///
    /// - Parameters:
    ///   - extra: features beside the model's, put behind them, e.g. for slices.
    ///   - otherLabel: judged instead of the model's own label, e.g. with a longer horizon.
    init(
        _ verified: ModelFile.Verified, events: EventOptions, extra: [Feature] = [], otherLabel: Label? = nil
    ) throws {
        let model = verified.scorer.model
        guard case .log(var set, let population, let label) = model.source else {
            throw ValidationError("the model is of a flat table; give --table FILE instead of --events")
        }
        set.features += extra.filter { feature in !set.features.contains { $0.name == feature.name } }
        log = try events.read(amounts: set.columns.numbers, texts: set.columns.texts)
        events.known(in: log).remarkIfForeign(to: model.featureSet?.features ?? [])
        plan = try FeaturePlan(set, population: population, label: otherLabel ?? label, zone: verified.zone)
        dataUntil = try events.end(of: log)
    }
}

extension ModelLog {
    /// The model's population at snapshot times, or at the end of the log where none are named.
    ///
    /// - Throws: `InputError` when nobody is in it.
    func population(at snapshotTimes: [String], events: EventOptions, threads: Int) async throws
        -> SnapshotTable
    {
        let snapshotTimes =
            snapshotTimes.isEmpty ? [dataUntil] : try snapshotTimes.map { try events.time($0, flag: "--at") }
        let snapshots = try await LogExtraction.extract(
            log, plan: plan, at: snapshotTimes, dataUntil: dataUntil, threads: threads)
        guard snapshots.count > 0 else {
            throw InputError(
                InputPlace(file: events.events.joined(separator: " ")),
                "nobody is in the model's population (\(plan.population.description)) at "
                    + snapshotTimes.map(\.description).joined(separator: ", "))
        }
        return snapshots
    }
}

extension Scorer {
    /// The scores of snapshots, whose first columns are the model's inputs.
    func scores(_ table: SnapshotTable) -> [Score] {
        scores(numbers: table.numbers, keys: table.keys, rowCount: table.count)
    }

    /// The inputs of the model from one row of snapshots.
    func vector(_ table: SnapshotTable, row: Int) -> FeatureVector {
        var vector = FeatureVector(count: model.inputs.count)
        for (index, input) in model.inputs.enumerated() {
            if input.isCategorical {
                vector.categories[index] = TextKey(stored: table.keys[index][row])
            } else {
                vector.numbers[index] = table.numbers[index][row]
            }
        }
        return vector
    }
}

/// The columns of a flat table as a model's inputs.
struct ModelTable {
    let numbers: [[Double]]
    let keys: [[UInt64]]
    let rowCount: Int

    /// Finds the model's inputs in a table by name.
    ///
    /// - Throws: `InputError` when a column is missing, or holds texts where the model wants numbers.
    init(_ table: FlatTable, model: Model) throws(InputError) {
        var numbers: [[Double]] = []
        var keys: [[UInt64]] = []
        for input in model.inputs {
            let column = try table.column(input.name, flag: "the model's inputs")
            switch column.values {
            case .numbers(let values) where !input.isCategorical:
                numbers.append(values)
                keys.append([])
            case .texts(let dictionary, let codes) where input.isCategorical:
                let keyOfCode = dictionary.map { TextKey($0).rawValue }
                numbers.append([])
                keys.append(codes.map { keyOfCode[Int($0)] })
            case .texts(let dictionary, let codes):
                // An empty column reads as numbers; one with texts cannot be this input.
                let isText = dictionary.map { !$0.isEmpty && Double($0) == nil }
                let row = codes.firstIndex { isText[Int($0)] } ?? 0
                throw InputError(
                    InputPlace(file: table.file, line: Int(table.lines[row]), field: input.name),
                    "found \(dictionary[Int(codes[row])].quoted), the model expects numbers here")
            case .numbers:
                throw InputError(
                    InputPlace(file: table.file, field: input.name), "the model expects texts here")
            }
        }
        self.numbers = numbers
        self.keys = keys
        rowCount = table.count
    }

    func vector(row: Int) -> FeatureVector {
        var vector = FeatureVector(count: numbers.count)
        for index in numbers.indices {
            if numbers[index].isEmpty {
                vector.categories[index] = TextKey(stored: keys[index][row])
            } else {
                vector.numbers[index] = numbers[index][row]
            }
        }
        return vector
    }
}
