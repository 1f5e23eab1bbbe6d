import Glibc
import LimpetDocuments
import LimpetEvaluation
import LimpetScoring
package import LimpetTraining

/// The time and the memory that a training or a backtest will take, roughly, told before it begins.
///
/// The constants fit the processor time and the peak memory of whole trainings: `/usr/bin/time limpet train`
/// on seeded tables of 50,000 to 500,000 rows and 20 or 40 numbers, with and without an estimate, of stumps,
/// of logistic regression and of stumps with pairs, on a server of two processors. They met those trainings
/// within a fifth; another machine, other data and who else is at work may double or halve them.
package struct TrainingCost {
    /// The estimated seconds.
    package let seconds: Double
    /// The estimated peak of memory, in bytes.
    package let bytes: Double
    private let models: Int
    /// The rows of the smallest model, and of the largest.
    private let rows: ClosedRange<Int>
    private let inputs: Int

    /// The seconds from which on a person is told before waiting.
    package static let leastSeconds = 5.0

    /// Estimates a training on rows that are read.
    package init(_ data: TrainingData, _ settings: TrainingSettings, search: SettingSearch? = nil) {
        self.init(
            rows: data.count, inputs: data.inputs.count, keepsBins: data.byteTable != nil,
            pipelines: ModelTrainer(settings).estimatePipelines(data), settings, search: search,
            resident: Self.residentMemory)
    }

    /// Estimates a training.
    ///
    /// - Parameters:
    ///   - keepsBins: true for rows that are bins already.
    ///   - pipelines: those of the estimate.
    ///   - resident: the memory of the process with the rows, in bytes.
    package init(
        rows: Int, inputs: Int, keepsBins: Bool = false, pipelines: Int, _ settings: TrainingSettings,
        search: SettingSearch? = nil,
        resident: Double
    ) {
        (self.rows, self.inputs, models) = (rows...rows, inputs, pipelines + 1)
        let cells = Double(rows) * Double(inputs)
        let work = Work(
            cells: cells, rows: Double(rows), keepsBins: keepsBins, pipelines: pipelines, settings: settings)
        let fits: Double =
            switch settings.kind {
            case .stumps: work.stumps
            case .logistic: work.logistic
            case .blend: work.stumps + work.logistic
            }
        let draws = pipelines > 0 ? Double(settings.bootstrap?.replicates ?? 0) : 0
        let trials = search.map { Double($0.maximumTrials ?? ($0.candidatesOnly ? $0.points.count : 0)) } ?? 0
        // The choices outside folds are those of the search; only an estimate forward in time searches again.
        let searches = trials * (pipelines == 1 ? 2 : 1) * work.choice
        let processor = 0.1 + fits + searches + draws * Self.secondsOfDraw * Double(rows)
        let budget = search?.budget.map { $0 / .seconds(1) } ?? 0
        seconds = Self.elapsed(processor, threads: settings.threads) + budget
        bytes = resident + work.bytes - (keepsBins ? work.binBytes : 0)
    }

    /// Estimates a backtest on rows that are read.
    ///
    /// - Parameter origins: the numbers of rows that each origin trains on and is tested on.
    package init(_ data: TrainingData, origins: [(training: Int, test: Int)], _ settings: TrainingSettings) {
        self.init(
            origins: origins, inputs: data.inputs.count, settings, resident: Self.residentMemory)
    }

    /// Estimates a backtest: at each origin a training without an estimate, on a copy of its rows, then
    /// intervals of its test and of all tests together.
    package init(
        origins: [(training: Int, test: Int)], inputs: Int, _ settings: TrainingSettings, resident: Double
    ) {
        let trainings = origins.map {
            TrainingCost(rows: $0.training, inputs: inputs, pipelines: 0, settings, resident: 0)
        }
        let draws = 2 * Double(settings.bootstrap?.replicates ?? 0)
        let tests = Double(origins.reduce(0) { $0 + $1.test })
        let counts = origins.map(\.training)
        rows = (counts.min() ?? 0)...(counts.max() ?? 0)
        (self.inputs, models) = (inputs, origins.count)
        seconds =
            trainings.reduce(0) { $0 + $1.seconds }
            + Self.elapsed(draws * Self.secondsOfDraw * tests, threads: settings.threads)
        bytes = resident + (trainings.map(\.bytes).max() ?? 0) + 8 * Double(rows.upperBound) * Double(inputs)
    }

    /// The seconds of a processor for a row of a replicate.
    private static let secondsOfDraw = 4e-9

    /// Returns the time of work of which threads share about half.
    private static func elapsed(_ processor: Double, threads: Int) -> Double {
        processor * (1 + 1 / Double(max(1, threads))) / 2
    }

    /// Refuses a training that would need more memory than there may be.
    ///
    /// - Throws: ``RequestError`` with a remedy.
    func refuse(over memory: Int) throws(RequestError) {
        guard bytes > Double(memory) else { return }
        throw RequestError(
            "a training on \(Format.count(rows.upperBound)) rows × \(Format.count(inputs)) inputs takes "
                + "about \(CostText.bytes(bytes)), more than --memory allows: stumps on a log of limpet "
                + "import take the least; fewer snapshots (--every) or rows (--negative-rate) take less")
    }

    /// The memory of this process, in bytes; 0 where the system does not tell.
    private static var residentMemory: Double {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 200)
        let count = fread(&text, 1, text.count, file)
        let pages = String(decoding: text.prefix(count), as: UTF8.self).split(separator: " ")
        guard pages.count > 1, let resident = Double(pages[1]) else { return 0 }
        return resident * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The estimate in a line; nil for a training that is over before anybody wonders.
    package var line: String? {
        guard seconds > Self.leastSeconds else { return nil }
        let what = models == 1 ? "1 model" : "\(models) models"
        let from = rows.count == 1 ? "" : "\(Format.count(rows.lowerBound)) to "
        return "about \(CostText.seconds(seconds)) and \(CostText.bytes(bytes)): \(what) of "
            + "\(from)\(Format.count(rows.upperBound)) rows × \(Format.count(inputs)) inputs"
    }
}

/// The work of a training by kind, in seconds of a processor.
private struct Work {
    let cells: Double
    let rows: Double
    /// True for rows that are bins already: they are of a log, whose inputs have most rows in one bin.
    let keepsBins: Bool
    let pipelines: Int
    let settings: TrainingSettings

    private var folds: Int { max(2, settings.folds) }
    /// The number of models that all folds and pairs of folds take side by side; nil where the folds of the
    /// estimate choose in sequence.
    private var nestedModels: Int? { pipelines >= folds ? Folds.nestedModels(folds) : nil }
    private var lanes: Int { nestedModels ?? folds + 1 }
    /// The numbers of a row that lanes keep: vectors have 8 or 16.
    private var laneWidth: Double { lanes > 8 ? 16 : 8 }

    private var inputs: Int { Int(cells / max(1, rows)) }
    private var plan: LanePlan { nestedModels == nil ? .folds(folds) : .nested(folds) }
    /// True where each fold is boosted by itself, on a copy of its bins.
    private var copiesBins: Bool {
        !settings.stumps.caps.isEmpty || settings.stumps.form == .plain
            || !LanePlan.folds(folds).takes(inputs: inputs, settings: settings.stumps)
    }
    /// True where few values are boosted model by model.
    private var areFew: Bool { LanePlan.areFew(values: Int(cells), settings: settings.stumps) }
    /// The memory of the correlations of models side by side, and then of bags.
    private var correlationBytes: Double {
        guard !copiesBins, !areFew else { return 0 }
        let plans = [plan] + (bags > 0 ? [LanePlan.bags(min(LanePlan.mostModels, bags))] : [])
        return plans.reduce(0) {
            $0 + Double($1.correlationBytes(inputs: inputs, rows: Int(rows), settings: settings.stumps))
        }
    }
    private var bags: Int { settings.stumps.bags > 1 ? settings.stumps.bags : 0 }

    var stumps: Double {
        // Each repetition of a nested estimate is one choice, of which the first makes that of all rows too.
        let choices = nestedModels == nil ? Double(pipelines + 1) : Double(pipelines / folds)
        return choices * choice(ofLanes: lanes) + Double(bags) * (cells * 5e-8 + correlations) + pairs
    }

    /// One choice on all rows.
    var choice: Double { choice(ofLanes: folds + 1) }

    private func choice(ofLanes lanes: Int) -> Double {
        // 12,961,474 rows of 166 inputs of a log took half of what as many cells of other tables do.
        let share = keepsBins ? 0.5 : 1
        return cells * share * (7e-8 + 9.5e-9 * Double(lanes)) + Double(lanes) * correlations
    }

    /// The correlations of one model, whose time does not depend on the rows.
    private var correlations: Double {
        guard !copiesBins, !areFew else { return 0 }
        let sets = Double(plan.sets(inputs: inputs, rows: Int(rows), settings: settings.stumps))
        return 1e-8 * sets * sets
    }

    /// The ranking of all pairs of inputs, by each model on whose held-out rows they are chosen.
    private var pairs: Double {
        guard settings.stumps.pairs.count != .exactly(0) else { return 0 }
        return cells * cells / rows / 2 * Double((pipelines + 1) * folds) * 6e-9
    }

    var logistic: Double { cells * (3e-8 + Double(pipelines + 1) * (1e-8 + 6e-9 * Double(folds))) }

    /// The memory of the bins of stumps.
    var binBytes: Double { 1.5 * cells }

    /// The memory of the copies that folds have of their bins.
    private var copiedBytes: Double { copiesBins ? Double(folds) * cells : 0 }

    /// The memory beside that of the rows as they were read.
    var bytes: Double {
        switch settings.kind {
        case .stumps:
            binBytes + copiedBytes + correlationBytes
                + (keepsBins ? 58 + 4 * laneWidth : 120 + 8 * Double(lanes)) * rows
        case .logistic, .blend: 10 * cells + 400 * rows
        }
    }
}

/// Times and sizes as a person says them.
enum CostText {
    /// Returns a time to two digits at most, e.g. `40 s` or `12 min`.
    static func seconds(_ seconds: Double) -> String {
        if seconds < 10 { return "\(Int(seconds.rounded())) s" }
        if seconds < 120 { return "\(Int((seconds / 5).rounded()) * 5) s" }
        return seconds < 7_200
            ? "\(Int((seconds / 60).rounded())) min" : "\(Int((seconds / 3_600).rounded())) h"
    }

    /// Returns a size to two digits at most, e.g. `420 MB` or `1.2 GB`.
    static func bytes(_ bytes: Double) -> String {
        bytes < 9.95e8
            ? "\(max(1, Int((bytes / 1e7).rounded())) * 10) MB" : "\(Format.fixed(bytes / 1e9, 1)) GB"
    }
}
