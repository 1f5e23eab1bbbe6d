public import LimpetEvents

/// A snapshot time at which a model is trained on the labels known by then, and the snapshots that it is
/// tested on.
public struct BacktestPeriod: Hashable, Sendable {
    /// The time of training: labels of training rows are known by then; test rows lie at it or after it.
    public var origin: Timestamp
    /// The end of the test period: test rows lie before it.
    public var end: Timestamp

    /// Makes a period from `origin` up to `end`.
    public init(origin: Timestamp, end: Timestamp) {
        self.origin = origin
        self.end = end
    }

    /// Returns the calendar months, in the given time zone, from that of the first snapshot time to that of
    /// the last.
    public static func months(_ times: [Timestamp], zone: TimeZoneRules) -> [BacktestPeriod] {
        guard let first = times.min(), let last = times.max() else { return [] }
        let date = CivilDate(dayNumber: zone.dayNumber(at: first))
        var (year, month) = (date.year, date.month)
        var periods: [BacktestPeriod] = []
        while let start = midnight(year, month, zone), start <= last {
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
            guard let end = midnight(year, month, zone) else { break }
            periods.append(BacktestPeriod(origin: start, end: end))
        }
        return periods
    }

    private static func midnight(_ year: Int, _ month: Int, _ zone: TimeZoneRules) -> Timestamp? {
        CivilDate(year: year, month: month, day: 1).map {
            zone.timestamp(ofLocal: $0.dayNumber * TimeSpan.day.milliseconds)
        }
    }

    /// Returns consecutive periods of one length, up to the one that contains the last snapshot time.
    ///
    /// - Parameter start: the origin of the first period; nil for the first snapshot time.
    public static func every(
        _ length: TimeSpan, _ times: [Timestamp], from start: Timestamp? = nil
    ) -> [BacktestPeriod] {
        guard let first = start ?? times.min(), let last = times.max(), length.milliseconds > 0 else {
            return []
        }
        return stride(from: first.milliseconds, through: last.milliseconds, by: Int(length.milliseconds)).map
        {
            let origin = Timestamp(milliseconds: $0)
            return BacktestPeriod(origin: origin, end: origin + length)
        }
    }

    /// Returns the training rows, whose horizons end at the origin or before it, and the test rows of the
    /// period.
    package func fold(_ data: TrainingData) -> Fold? {
        guard let times = data.times, let horizon = data.horizon else { return nil }
        return Fold(
            training: times.indices.filter { times[$0] + horizon <= origin },
            heldOut: times.indices.filter { times[$0] >= origin && times[$0] < end })
    }
}
