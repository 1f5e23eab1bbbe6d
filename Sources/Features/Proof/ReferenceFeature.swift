import LimpetDocuments
import LimpetNumerics
import LimpetEvents

/// The reference implementation of one feature of one user at one snapshot time, from the raw events.
struct ReferenceFeature {
    private let feature: Feature
    private let history: ReferenceFeatures
    private let now: Int64

    init(_ feature: Feature, _ history: ReferenceFeatures, at now: Int64) {
        self.feature = feature
        self.history = history
        self.now = now
    }

    /// The category as a text; nil when it is missing.
    var lastText: String? { texts.last }

    /// The number; nil when it is missing.
    var number: Double? {
        switch feature.kind {
        case .count, .decayedCount, .change, .countSince, .difference, .trend, .ratio, .share, .member:
            counted
        case .activeDays, .streak, .longestStreak: Double(civilDays)
        case .sessions: Double(sessionStarts)
        case .sum, .mean, .standardDeviation, .minimum, .maximum, .latest: amount
        case .distinct, .affinity, .entropy: diversity
        case .recency, .tenure: age
        case .meanGap, .shortestGap, .longestGap, .gapDeviation, .overdue: gap
        case .funnelStage, .chain, .unanswered, .repeats: Double(sequence)
        case .lastCategory: nil
        }
    }

    // MARK: Events

    private func events(_ pattern: EventPattern, last length: TimeSpan?, meeting: Bool = true) -> [Event] {
        history.events.filter { event in
            let age = now - event.time.milliseconds
            return age > 0 && length.map { age <= $0.milliseconds } ?? true && history.isMeant(event, pattern)
                && (!meeting || history.meets(event, feature.conditions))
        }
    }

    private var events: [Event] { events(feature.events, last: feature.window) }
    private var times: [Int64] { events.map(\.time.milliseconds) }
    private var others: [Event] { events(feature.other ?? .any, last: feature.window) }

    private var texts: [String] {
        events.map { feature.property == "event" ? $0.name : $0.properties[feature.property ?? ""] ?? "" }
            .filter { !$0.isEmpty }
    }

    // MARK: Kinds

    private var counted: Double? {
        let count = events.count
        func share(of all: Int) -> Double? { all == 0 ? nil : Double(count) / Double(all) }
        switch feature.kind {
        case .decayedCount: return Double(times.map { weight(now - $0) }.reduce(0, +)) / 1_048_576
        case .change:
            let twice = feature.window.map { TimeSpan(milliseconds: 2 * $0.milliseconds) }
            return Double(2 * count - events(feature.events, last: twice).count)
        case .countSince:
            guard let mark = events(feature.other ?? .any, last: nil).last?.time else { return nil }
            return Double(events.filter { $0.time > mark }.count)
        case .difference: return Double(count - others.count)
        case .trend: return share(of: events(feature.events, last: feature.against).count)
        case .ratio: return share(of: others.count)
        case .share: return share(of: events(feature.events, last: feature.window, meeting: false).count)
        case .member:
            let entry = events.last?.time
            guard let exit = others.last?.time else { return entry == nil ? nil : 1 }
            return entry.map { $0 > exit } ?? false ? 1 : 0
        default: return Double(count)
        }
    }

    /// Returns 2^20, halved for each half-life of the age in steps of an eighth; rounded to nearest up to 7/8
    /// of a half-life, and down from then on.
    private func weight(_ age: Int64) -> Int {
        let halfLife = feature.halfLife?.milliseconds ?? 1
        let eighths = [1_048_576, 961_548, 881_744, 808_563, 741_455, 679_917, 623_487, 571_740]
        let steps = Int(8 * age / halfLife)
        return steps >= 160 ? 0 : eighths[steps % 8] / (1 << (steps / 8))
    }

    private var civilDays: Int {
        let days = Set(events.map { Int((Double(history.wallClock($0)) / 86_400_000).rounded(.down)) })
        guard feature.kind != .activeDays else { return days.count }
        func run(endingAt day: Int) -> Int { days.contains(day) ? 1 + run(endingAt: day - 1) : 0 }
        let runs = days.sorted().map(run)
        return (feature.kind == .streak ? runs.last : runs.max()) ?? 0
    }

    /// The number of sessions, which are separated over the full history and counted in the window of their
    /// start.
    private var sessionStarts: Int {
        let own = history.events.filter { history.isMeant($0, .any) }.map(\.time.milliseconds)
        let starts = own.indices.filter {
            $0 == 0 || own[$0] - own[$0 - 1] > history.featureSet.sessionGap.milliseconds
        }
        return starts.filter { index in
            own[index] < now && feature.window.map { own[index] >= now - $0.milliseconds } ?? true
        }.count
    }

    private var amount: Double? {
        let decimals = history.featureSet.decimals[feature.property ?? ""] ?? 0
        let units = events.compactMap { event in
            event.properties[feature.property ?? ""].flatMap {
                ReferenceFeatures.units($0, decimals: decimals)
            }
        }
        let one = Double((0..<decimals).reduce(1) { power, _ in power * 10 })
        let sum = units.reduce(0, +)
        switch feature.kind {
        case .sum: return Double(sum) / one
        case .mean: return units.isEmpty ? nil : Double(sum) / (Double(units.count) * one)
        case .standardDeviation: return units.count < 2 ? nil : deviation(units) / one
        case .minimum: return units.min().map { Double($0) / one }
        case .maximum: return units.max().map { Double($0) / one }
        default: return units.last.map { Double($0) / one }
        }
    }

    /// Returns the standard deviation of integers, from squares around the integer part of the mean.
    private func deviation(_ values: [Int128]) -> Double {
        let (sum, count) = (values.reduce(0, +), Int128(values.count))
        let mean = sum >= 0 ? sum / count : -((-sum + count - 1) / count)
        let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let (rest, n) = (Double(sum - count * mean), Double(count))
        return ((Double(squares) - rest * rest / n) / n).squareRoot()
    }

    private var diversity: Double? {
        let counts = Dictionary(grouping: texts.map { Array($0.utf8) }) { $0 }.map(\.value.count).sorted()
        guard counts.count <= history.featureSet.distinctLimit else { return nil }
        let all = Double(texts.count)
        switch feature.kind {
        case .distinct: return Double(counts.count)
        case .affinity: return counts.last.map { Double($0) / all }
        default:
            guard counts.count > 1 else { return counts.isEmpty ? nil : 0 }
            var sum = 0.0
            for count in counts { sum += Double(count) * Logarithm.natural(Double(count)) }
            return (Logarithm.natural(all) - sum / all) / Logarithm.ln2
        }
    }

    private var age: Double? {
        if feature.kind == .tenure { return times.first.map { days(now - $0) } }
        let times = times
        let nth = feature.nth ?? 1
        return times.count < nth ? nil : days(now - times[times.count - nth])
    }

    private var gap: Double? {
        let times = times
        guard times.count >= 2, let first = times.first, let last = times.last else { return nil }
        let gaps = (1..<times.count).map { times[$0] - times[$0 - 1] }
        switch feature.kind {
        case .meanGap: return Double(gaps.reduce(0, +)) / (Double(gaps.count) * 86_400_000)
        case .shortestGap: return gaps.min().map(days)
        case .longestGap: return gaps.max().map(days)
        case .gapDeviation: return gaps.count < 2 ? nil : deviation(gaps.map { Int128($0) }) / 86_400_000
        default: return last == first ? nil : Double((now - last) * Int64(gaps.count)) / Double(last - first)
        }
    }

    private func days(_ milliseconds: Int64) -> Double { Double(milliseconds) / 86_400_000 }

    private var sequence: Int {
        let within = feature.within?.milliseconds ?? 0
        switch feature.kind {
        case .funnelStage:
            var (stage, reached) = (0, Int64.min)
            while stage < feature.stages.count,
                let next = events(feature.stages[stage], last: feature.window)
                    .first(where: { $0.time.milliseconds >= reached })
            {
                (stage, reached) = (stage + 1, next.time.milliseconds)
            }
            return stage
        case .chain:
            let points = times + [now]
            let breaks = (1..<points.count).last { points[$0] - points[$0 - 1] > within }
            return points.count - 1 - (breaks ?? 0)
        case .unanswered:
            let answers = events(feature.other ?? .any, last: nil).map(\.time.milliseconds)
            return times.filter { time in
                time + within < now && !answers.contains { $0 >= time && $0 <= time + within }
            }.count
        default:
            let all = events(feature.events, last: nil).map(\.time.milliseconds)
            let window = feature.window?.milliseconds ?? .max
            return all.indices.filter {
                $0 > 0 && all[$0] - all[$0 - 1] <= within && now - all[$0] <= window
            }.count
        }
    }
}
