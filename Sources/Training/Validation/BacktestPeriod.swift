public import LimpetEvents

/// A snapshot time at which a model is trained on what is known by then, and the snapshots that it is tested on.
public struct BacktestPeriod: Hashable, Sendable {
    /// Labels of training rows are known by this snapshot time; test rows lie at it or after it.
    public var origin: Timestamp
    /// Test rows lie before this snapshot time.
    public var end: Timestamp

    /// A period from `origin` up to `end`.
    public init(origin: Timestamp, end: Timestamp) {
        self.origin = origin
        self.end = end
    }

    /// The calendar months, in some zone, from the one of the first snapshot time to the one of the last.
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
            zone.moment(ofLocal: $0.dayNumber * TimeSpan.day.milliseconds)
        }
    }

    /// Periods of one length, one after the other until the last snapshot time lies in one.
    ///
    /// - Parameter start: where the first begins; nil for the first snapshot time.
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

    /// The rows to learn from, whose labels look no further than the origin, and those of the period.
    package func fold(_ data: TrainingData) -> Fold? {
        guard let times = data.times, let horizon = data.horizon else { return nil }
        return Fold(
            training: times.indices.filter { times[$0] + horizon <= origin },
            heldOut: times.indices.filter { times[$0] >= origin && times[$0] < end })
    }
}
