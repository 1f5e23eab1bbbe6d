import ArgumentParser
import LimpetEvents
import LimpetTraining

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

    /// Returns the periods over which snapshots are spread.
    func periods(_ times: [Timestamp], events: EventOptions) throws -> [BacktestPeriod] {
        let first = try firstOrigin.map { try events.time($0, flag: "--first-origin") }
        let periods =
            if period != "month", let length = try LabelOptions.span(period, "--period") {
                BacktestPeriod.every(length, times, from: first)
            } else {
                BacktestPeriod.months(times, zone: events.zone)
            }
        return periods.filter { period in first.map { period.origin >= $0 } ?? true }
    }
}
