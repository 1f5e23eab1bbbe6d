public import ArgumentParser
import LimpetEvents

/// The `limpet` command.
public struct LimpetCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "limpet",
        abstract: "Predicts from their events which users will leave, says why, and decides what to offer.",
        discussion: """
            A first model, from a log with the columns user, time and event:
              limpet label --events log.csv
              limpet train --events log.csv --churn-after 30d --output model.json
              limpet backtest --events log.csv --churn-after 30d --every 7d
              limpet score --model model.json --events log.csv --output scores.csv
              limpet explain --model model.json

            Exit codes: 0 done, 1 drift above --fail-above, 64 usage, 65 bad data, 66 cannot read,
            69 port or service, 70 internal, 73 cannot write, 78 configuration, 130 stopped with Ctrl-C.
            """,
        version: Release.version,
        subcommands: [
            SimulateCommand.self, ImportCommand.self, DescribeCommand.self, FeaturesCommand.self,
            LabelCommand.self,
            TrainCommand.self, BacktestCommand.self, EvaluateCommand.self, ScoreCommand.self,
            ExplainCommand.self, ExportCommand.self, ImportModelCommand.self, MonitorCommand.self,
            RecalibrateCommand.self, ModelsCommand.self, ServeCommand.self,
        ])

    /// Makes the command; its arguments are parsed into it.
    public init() {}
}
