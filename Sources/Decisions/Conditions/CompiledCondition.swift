import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetNumerics

/// A condition bound to the filters of a watch list and to the inputs of a model.
indirect enum CompiledCondition: Sendable {
    case all([CompiledCondition])
    case any([CompiledCondition])
    case not(CompiledCondition)
    case score(Bounds)
    case threshold
    case scoreLevel(atLeast: Double, until: Double, key: UInt64)
    case scoreChange(within: Int64, Bounds)
    case count(filter: Int, within: Int64?, since: Int?, Bounds)
    case elapsed(filter: Int, SpanBounds)
    case dwell(filter: Int, within: Int64?, SpanBounds)
    case number(input: Int, Bounds)
    case category(input: Int, [TextKey])
    case text(place: Int, within: Int64?, [TextKey])
    case timeOfDay(CivilPeriod)
    case weekday([Int])
}

/// A compiler of conditions and triggers: it collects the events that they look for.
struct ConditionCompiler {
    private(set) var list = WatchList()
    let inputs: VerbatimDictionary<Int>
    let decimals: VerbatimDictionary<Int>
    /// The offer that is being compiled.
    var offer = ""
    private var levelCount = 0

    init(inputs: VerbatimDictionary<Int>, decimals: VerbatimDictionary<Int>) {
        self.inputs = inputs
        self.decimals = decimals
    }

    mutating func begin(_ offer: Policy.Offer) { (self.offer, levelCount) = (offer.id, 0) }

    /// Returns the place of a selection among the filters.
    mutating func filter(_ selection: EventSelection) throws(PolicyFitError) -> Int {
        var conditions: [PropertyCondition] = []
        for test in selection.tests { conditions.append(try condition(test)) }
        return list.add(
            EventFilter(events: selection.events, conditions: EventConditions(properties: conditions)))
    }

    private func condition(_ test: PropertyTest) throws(PolicyFitError) -> PropertyCondition {
        switch test.value {
        case .oneOf(let texts): return PropertyCondition(test.property, .oneOf(texts))
        case .noneOf(let texts): return PropertyCondition(test.property, .noneOf(texts))
        case .number(let bounds):
            let (atLeast, above) = (try units(bounds.atLeast, test), try units(bounds.above, test))
            let (below, atMost) = (try units(bounds.below, test), try units(bounds.atMost, test))
            let least = [atLeast, above.map { $0 + 1 }].compactMap { $0 }.max()
            let limit = [below, atMost.map { $0 + 1 }].compactMap { $0 }.min()
            return PropertyCondition(
                test.property,
                .amount(atLeast: least.map { text($0, test) }, below: limit.map { text($0, test) }))
        }
    }

    private func places(_ test: PropertyTest) -> Int { decimals[test.property] ?? WatchList.usualDecimals }

    /// Returns a bound in the units in which the property is kept.
    private func units(_ bound: Double?, _ test: PropertyTest) throws(PolicyFitError) -> Int64? {
        guard let bound else { return nil }
        guard let decimal = ExactDecimal("\(bound)"), decimal.decimals <= places(test),
            let units = decimal.units(decimals: places(test))
        else {
            throw .boundTooFine(bound, property: test.property, offer: offer, decimals: places(test))
        }
        return units
    }

    private func text(_ units: Int64, _ test: PropertyTest) -> String { "\(units)e-\(places(test))" }

    mutating func compile(_ condition: Condition) throws(PolicyFitError) -> CompiledCondition {
        switch condition {
        case .all(let parts): return .all(try compile(parts))
        case .any(let parts): return .any(try compile(parts))
        case .not(let part): return .not(try compile(part))
        case .score(let bounds): return .score(bounds)
        case .threshold: return .threshold
        case .scoreLevel(let atLeast, let until):
            levelCount += 1
            return .scoreLevel(
                atLeast: atLeast, until: until, key: TextKey("\(offer)\u{1}\(levelCount)").rawValue)
        case .scoreChange(let within, let bounds): return .scoreChange(within: within.milliseconds, bounds)
        case .event(let count):
            var since: Int?
            if let events = count.since { since = try filter(events) }
            return .count(
                filter: try filter(count.events), within: count.within?.milliseconds, since: since,
                count.bounds)
        case .elapsed(let events, let bounds): return .elapsed(filter: try filter(events), bounds)
        case .dwell(let events, let within, let bounds):
            return .dwell(filter: try filter(events), within: within?.milliseconds, bounds)
        case .feature(let name, let bounds): return .number(input: inputs[name] ?? 0, bounds)
        case .category(let name, let texts):
            return .category(input: inputs[name] ?? 0, texts.map { TextKey($0) })
        case .property(let name, let pattern, let within, let texts):
            let place = list.add(name, of: EventFilter(events: pattern))
            return .text(place: place, within: within?.milliseconds, texts.map { TextKey($0) })
        case .timeOfDay(let period): return .timeOfDay(period)
        case .weekday(let days): return .weekday(days)
        }
    }

    private mutating func compile(_ parts: [Condition]) throws(PolicyFitError) -> [CompiledCondition] {
        var compiled: [CompiledCondition] = []
        for part in parts { compiled.append(try compile(part)) }
        return compiled
    }

    mutating func compile(_ trigger: Trigger) throws(PolicyFitError) -> CompiledTrigger {
        switch trigger {
        case .all(let parts): return .all(try compile(parts))
        case .any(let parts): return .any(try compile(parts))
        case .event(let occurrence):
            var since: Int?
            if let events = occurrence.since { since = try filter(events) }
            return .event(
                filter: try filter(occurrence.events), count: occurrence.count,
                within: occurrence.within?.milliseconds, since: since)
        case .absence: return .absence
        case .condition(let condition): return .condition(try compile(condition))
        }
    }

    private mutating func compile(_ parts: [Trigger]) throws(PolicyFitError) -> [CompiledTrigger] {
        var compiled: [CompiledTrigger] = []
        for part in parts { compiled.append(try compile(part)) }
        return compiled
    }
}

/// A trigger bound to the filters of a watch list.
indirect enum CompiledTrigger: Sendable {
    case all([CompiledTrigger])
    case any([CompiledTrigger])
    case event(filter: Int, count: Bounds?, within: Int64?, since: Int?)
    case absence
    case condition(CompiledCondition)

    /// True if it can hold without an event or the end of a wait, so that its last result must be kept.
    var isLevel: Bool {
        switch self {
        case .all(let parts): parts.allSatisfy(\.isLevel)
        case .any(let parts): parts.contains(where: \.isLevel)
        case .event, .absence: false
        case .condition: true
        }
    }

    /// The filters of the events with which it may come true.
    var eventFilters: [Int] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.eventFilters)
        case .event(let filter, _, _, _): [filter]
        case .absence, .condition: []
        }
    }
}
