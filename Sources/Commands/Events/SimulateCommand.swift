import LimpetPipelines
import LimpetDocuments
import LimpetNumerics
import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetSimulation

/// `limpet simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Make an event log of invented users with known truth.",
        discussion: """
            limpet simulate --users 20000 --days 180 --seed 1 \\
              --output log.csv.gz --truth truth.csv
            The truth file holds, for each user and snapshot, the probability of the label
            given the full state: the best that any model can know.
            """)

    private static let usual = (every: "28d", forks: 200)

    @Option(help: "Users.")
    var users = 20_000
    @Option(help: "Days of the log.")
    var days = 180
    @Option(help: "Decides everything: the same seed gives the same bytes.")
    var seed: UInt64 = 1
    @Option(help: "First day.")
    var start = "2025-01-01"
    @Option(help: "Multiplies how often users visit.")
    var activity = 1.0
    @Option(help: "Daily hazard of leaving of a user without any sign.")
    var baseHazard = SimulationSettings().baseHazard
    @Option(help: "Multiplies what failed attempts do to the hazard.")
    var failureEffect = 1.0
    @Option(help: "Multiplies what offers do to the hazard, good and bad.")
    var offerEffect = 1.0
    @Option(help: "Change in the log-odds of leaving over the log; failed attempts tell as much less of it.")
    var drift = 0.0
    @Option(help: "Spread of the part of the hazard that no event shows.")
    var frailty = SimulationSettings().frailty
    @Option(help: "Share of leavers who do not say so.")
    var silentLeavers = 0.0
    @Option(help: "Share of users who never get an offer.")
    var holdout = SimulationSettings().holdoutShare

    @OptionGroup(title: "Label of the truth (default: cancelled within 28d)") var label: HorizonOptions

    @Option(help: "A snapshot of the truth every so often.")
    var every = Self.usual.every
    @Option(parsing: .upToNextOption, help: "Snapshots of the truth at these days instead.")
    var at: [String] = []
    @Option(help: "Forward simulations for each user and snapshot.")
    var forks = Self.usual.forks

    @Option(help: "File of the log, CSV; packed if it ends in .gz; - is standard output.")
    var output: String
    @Option(help: "File of the truth, CSV; without it none is computed.")
    var truth: String?
    @Option(help: "How the summary is printed on standard error: text or json.")
    var format = OutputFormat.text
    @Option(help: "Parts worked on at the same time (default: the processors); no result depends on it.")
    var threads = Processors.count

    func validate() throws {
        try UnusedFlags.refuse(
            [("--churn-events", !label.churnEvents.isEmpty)],
            because: "the truth of --churn-after counts all events of the user's own")
        guard label.targetEvent.count < 2 else {
            throw ValidationError("--target-event names one event of the truth")
        }
        if truth == nil {
            try UnusedFlags.refuse(
                label.labelFlags + [
                    ("--at", !at.isEmpty), ("--every", every != Self.usual.every),
                    ("--forks", forks != Self.usual.forks),
                ], because: "this goes with --truth")
        }
        guard at.isEmpty || every == Self.usual.every else {
            throw ValidationError("give either --at or --every")
        }
        try ThreadCount.check(threads)
        try DistinctFiles.check(inputs: [], outputs: [("--output", output), ("--truth", truth)])
    }

    func run() async throws {
        let simulation: Simulation
        do { simulation = try Simulation(try settings) } catch let error as SimulationSettingsError {
            throw ValidationError("\(error)")
        }
        let log = try FileWriter(path: output)
        let truthWriter = try truth.map { try FileWriter(path: $0) }
        try truthWriter?.write(TruthRow.csvHeader)
        var best = Outcomes()
        let bar = ProgressBar("simulating")
        let summary = try await simulation.run(
            threads: threads, progress: { bar.update($0) }, events: { try log.write($0) },
            truth: { rows in
                var bytes: [UInt8] = []
                for row in rows {
                    row.appendCSV(to: &bytes)
                    best.append(row)
                }
                try truthWriter?.write(bytes)
            })
        bar.finish()
        try log.finish()
        try truthWriter?.finish()
        let report = SimulationReport(summary: summary, best: best, output: output)
        Terminal.note(format == .json ? report.document.compact : report.text)
    }

    private var settings: SimulationSettings {
        get throws {
            var settings = SimulationSettings()
            (settings.users, settings.days, settings.seed) = (users, days, seed)
            (settings.activity, settings.baseHazard, settings.frailty) = (activity, baseHazard, frailty)
            (settings.failureEffect, settings.offerEffect) = (failureEffect, offerEffect)
            settings.drift = drift
            (settings.silentLeavers, settings.holdoutShare, settings.forks) = (silentLeavers, holdout, forks)
            settings.start = try time(start, "--start")
            settings.snapshots = try snapshots
            if let churn = label.churnAfter, let horizon = TimeSpan(churn) {
                settings.label = .inactivity(horizon: horizon)
            } else if let name = label.targetEvent.first, let text = label.horizon, let span = TimeSpan(text)
            {
                settings.label = .event(name: name, horizon: span)
            }
            return settings
        }
    }

    private var snapshots: SnapshotSchedule {
        get throws {
            guard truth != nil else { return .never }
            guard at.isEmpty else { return .at(try at.map { try time($0, "--at") }) }
            guard let span = TimeSpan(every) else {
                throw ValidationError("--every \(every): expected a length such as 28d")
            }
            return .every(span)
        }
    }

    private func time(_ text: String, _ flag: String) throws -> Timestamp {
        guard let parsed = TimeParser().parse(text) else {
            throw ValidationError("\(flag) \(text): expected a day such as 2025-01-01")
        }
        return parsed.timestamp
    }
}

extension Outcomes {
    /// Adds a row of the truth as the prediction of a model that knows the full state; rows without a label
    /// are left out.
    fileprivate mutating func append(_ row: TruthRow) {
        guard let label = row.label else { return }
        // Shares of 0 and 1 are moved by half a fork: a share of finitely many forks proves no certainty.
        let half = 0.5 / Double(row.forks)
        let probability = min(max(row.probability, half), 1 - half)
        append(
            Outcomes(
                logOdds: [ElementaryFunctions.logit(probability)], probabilities: [probability],
                labels: [label],
                users: [Int32(truncatingIfNeeded: count)]))
    }
}

/// The log that a simulation wrote, and the best metrics that a model of it can reach.
private struct SimulationReport {
    let summary: Simulation.Summary
    let best: Outcomes
    let output: String

    var document: JSON {
        .object([
            "events": .number(summary.events), "cancellations": .number(summary.cancellations),
            "truthRows": .number(summary.truthRows),
            "best": best.count > 0 ? EvaluationReport(best).document : .null,
        ])
    }

    var text: String {
        let first =
            "\(Format.count(summary.events)) events, \(Format.count(summary.cancellations)) users cancelled; "
            + "wrote \(output)"
        guard best.count > 0 else { return first }
        let report = EvaluationReport(best)
        return """
            \(first)
            \(Format.count(summary.truthRows)) rows of truth; the best that a model can reach:
              AUC \(Format.fixed(report.auc, 4)), log loss \(Format.fixed(report.logLoss, 4)) \
            (the base rate alone: \(Format.fixed(report.baseLogLoss, 4)))
            """
    }
}
