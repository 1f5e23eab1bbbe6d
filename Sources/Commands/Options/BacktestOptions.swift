import ArgumentParser
import LimpetEvents
import LimpetPipelines

/// The flags for when models are trained, and how long each is tested.
struct BacktestOptions: ParsableArguments {
    @Option(
        help:
            "How long each model is tested before the next is trained: month (calendar months), or e.g. 28d.")
    var period = "month"

    @Option(
        help: """
            The first time at which a model is trained; with --period 28d periods begin there (default: as \
            soon as there is enough to learn from).
            """)
    var firstOrigin: String?

    func validate() throws {
        if period != "month" { _ = try LabelOptions.span(period, "--period") }
    }

    /// Returns the length of the periods.
    func length() throws -> ModelBacktest.Period {
        guard period != "month", let length = try LabelOptions.span(period, "--period") else {
            return .month
        }
        return .length(length)
    }

    /// Returns the first time at which a model is trained; nil for as soon as there is enough to learn from.
    func first(_ events: EventOptions) throws -> Timestamp? {
        try firstOrigin.map { try events.time($0, flag: "--first-origin") }
    }
}
