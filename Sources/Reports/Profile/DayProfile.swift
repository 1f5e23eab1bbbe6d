import LimpetNumerics
public import LimpetEvents

/// The number of events by civil day, the days without events, and the outliers.
public struct DayProfile: Sendable {
    /// The first day, as the number of days since 1970-01-01.
    public let firstDay: Int64
    /// The number of events of each day, from the first day on.
    public let counts: [Int]
    /// Runs of days without events, as ranges of indices in ``counts``.
    public let gaps: [Range<Int>]
    /// Days whose count is far from those of the same weekday.
    public let outliers: [Outlier]

    /// A day whose count is an outlier.
    public struct Outlier: Hashable, Sendable {
        /// The index of the day in the counts.
        public let day: Int
        /// The number of events on the day.
        public let count: Int
        /// The median of the same weekday.
        public let usual: Double
    }

    /// The outliers, grouped by neighbouring days that deviate in one direction.
    public var outlierRuns: [[Outlier]] {
        var runs: [[Outlier]] = []
        for outlier in outliers {
            if let last = runs.last?.last, last.day + 1 == outlier.day,
                (Double(last.count) < last.usual) == (Double(outlier.count) < outlier.usual)
            {
                runs[runs.count - 1].append(outlier)
            } else {
                runs.append([outlier])
            }
        }
        return runs
    }

    /// The thresholds of an outlier: the distance of its log count in scaled deviations, and the factor of
    /// its count.
    static let deviations = 5.0
    static let factor = 3.0

    init(counts: [Int], firstDay: Int64) {
        (self.counts, self.firstDay) = (counts, firstDay)
        gaps = Self.gaps(counts)
        outliers = Self.outliers(counts)
    }

    /// Returns the date of an index.
    public func date(_ day: Int) -> CivilDate { CivilDate(dayNumber: firstDay + Int64(day)) }

    private static func gaps(_ counts: [Int]) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var start: Int?
        for (day, count) in counts.enumerated() {
            if count == 0 {
                start = start ?? day
            } else if let begun = start {
                gaps.append(begun..<day)
                start = nil
            }
        }
        return gaps
    }

    /// Finds the outliers: compares each log count with the median of its weekday, on the scale of the median
    /// absolute deviation. The first and the last day may be incomplete and are left out.
    private static func outliers(_ counts: [Int]) -> [Outlier] {
        var outliers: [Outlier] = []
        for weekday in 0..<7 {
            let days = stride(from: weekday, to: counts.count, by: 7)
                .filter { counts[$0] > 0 && $0 > 0 && $0 < counts.count - 1 }
            guard days.count >= 5 else { continue }
            let logs = days.map { Logarithm.natural(Double(counts[$0])) }
            let middle = median(logs)
            // The factor 1.4826 makes it the standard deviation of a normal distribution; the minimum is for
            // logs of regular jobs.
            let spread = max(1.4826 * median(logs.map { ($0 - middle).magnitude }), 0.05)
            for (day, value) in zip(days, logs) {
                let distance = (value - middle).magnitude
                guard distance > deviations * spread, distance > Logarithm.natural(factor) else { continue }
                let usual = median(days.map { Double(counts[$0]) })
                outliers.append(Outlier(day: day, count: counts[day], usual: usual))
            }
        }
        return outliers.sorted { $0.day < $1.day }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// The counts by civil day, hour and weekday: by a row's own offset from UTC where it has one, else in a time
/// zone.
struct CalendarCounts {
    private(set) var days: [Int] = []
    private(set) var firstDay: Int64 = 0
    private(set) var hours = [Int](repeating: 0, count: 24)
    private(set) var weekdays = [Int](repeating: 0, count: 7)

    private static let dayLength: Int64 = 86_400_000

    init(_ log: EventLog, zone: TimeZoneRules) {
        var clock = LocalClock(zone)
        var byDay: [Int64: Int] = [:]
        for row in 0..<log.count {
            let offset = log.zoneOffsets.map { $0[row] } ?? EventLog.noZoneOffset
            let local =
                offset == EventLog.noZoneOffset
                ? clock.local(log.times[row]) : log.times[row] + Int64(offset) * 60_000
            let day = local.floorDivided(by: Self.dayLength)
            byDay[day, default: 0] += 1
            hours[Int((local - day * Self.dayLength) / 3_600_000)] += 1
            // 1970-01-01 was a Thursday.
            weekdays[Int((day + 3).floorModulo(7))] += 1
        }
        guard let first = byDay.keys.min(), let last = byDay.keys.max() else { return }
        firstDay = first
        days = (first...last).map { byDay[$0] ?? 0 }
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    fileprivate func floorModulo(_ divisor: Int64) -> Int64 { self - floorDivided(by: divisor) * divisor }
}
