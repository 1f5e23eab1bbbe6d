import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// The bins of an axis, joined to few enough groups to be plotted, with names and the training rows in them.
/// Bins of numbers are joined with their neighbours to groups of about the same number of rows, the rarest
/// levels with all others. Missing values are a group of their own, where rows have any.
struct AxisGroups {
    /// One bin of an axis.
    struct State {
        let state: Int
        /// The training rows in it, by weight.
        let count: Double
        /// A number that lies in it, for axes of numbers.
        let start: Double
    }

    /// Bins that are plotted as one.
    struct Group {
        var states: [State] = []

        var count: Double { states.reduce(0) { $0 + $1.count } }

        /// Returns the mean over the group's rows; over its bins where no row is in them.
        func mean(_ value: (State) -> Double) -> Double {
            let total = count
            guard total > 0 else {
                return states.reduce(0.0) { $0 + value($1) } / Double(max(1, states.count))
            }
            return states.reduce(0.0) { $0 + value($1) * ($1.count / total) }
        }
    }

    /// The name of each group, without the one of missing values.
    private(set) var labels: [String] = []
    /// The shorter names of groups in a figure: of numbers, where each begins.
    private(set) var starts: [String] = []
    /// The groups, without the one of missing values.
    private(set) var bins: [Group] = []
    /// The group of missing values; nil where no row has any.
    let missing: Group?

    init(_ axis: Term.Axis, distribution: TrainingSummary.Distribution, limit: Int) {
        let state = State(state: axis.missing, count: distribution.missing, start: .nan)
        missing = distribution.missing > 0 ? Group(states: [state]) : nil
        switch axis {
        case .numbers(let edges): join(edges: edges, distribution, limit: limit)
        case .levels(let names): join(names: names, distribution, limit: limit)
        }
    }

    private mutating func join(edges: [Double], _ distribution: TrainingSummary.Distribution, limit: Int) {
        let steps = Term.Steps(edges: edges, values: [])
        var counts = [Double](repeating: 0, count: edges.count + 1)
        for (bin, count) in distribution.counts.enumerated() {
            counts[bin == 0 ? 0 : steps.bin(distribution.edges[bin - 1])] += count
        }
        let share = counts.reduce(0, +) / Double(limit)
        var group = Group()
        for (bin, count) in counts.enumerated() {
            let start = bin == 0 ? -Double.infinity : edges[bin - 1]
            group.states.append(State(state: bin, count: count, start: start))
            let isFull = group.count >= share || counts.count <= limit
            guard isFull || bin == edges.count else { continue }
            labels.append(Self.interval(edges, group.states[0].state, bin))
            let first = group.states[0].start
            starts.append(first.isFinite ? "≥ \(Format.short(first))" : edges.isEmpty ? "any" : "lowest")
            bins.append(group)
            group = Group()
        }
    }

    private static func interval(_ edges: [Double], _ first: Int, _ last: Int) -> String {
        if edges.isEmpty || (first == 0 && last == edges.count) { return "any" }
        if first == 0 { return "under \(Format.short(edges[last]))" }
        if last == edges.count { return "\(Format.short(edges[first - 1])) and more" }
        return "\(Format.short(edges[first - 1])) to \(Format.short(edges[last]))"
    }

    private mutating func join(names: [String], _ distribution: TrainingSummary.Distribution, limit: Int) {
        var countOfName: [VerbatimText: Double] = [:]
        for (name, count) in zip(distribution.levels, distribution.counts) {
            countOfName[VerbatimText(name)] = count
        }
        let states = names.indices.map {
            State(state: $0, count: countOfName[VerbatimText(names[$0]), default: 0], start: .nan)
        }
        let known = states.reduce(0) { $0 + $1.count }
        let rest = State(
            state: names.count, count: max(0, distribution.counts.reduce(0, +) - known), start: .nan)
        let ranked = states.sorted { ($1.count, $0.state) < ($0.count, $1.state) }
        let isShort = states.count + (rest.count > 0 ? 1 : 0) <= limit
        let shown = ranked.prefix(isShort ? states.count : limit - 1)
        for state in shown.sorted(by: { $0.state < $1.state }) {
            labels.append(names[state.state])
            starts.append(names[state.state])
            bins.append(Group(states: [state]))
        }
        let others = ranked.dropFirst(shown.count) + [rest]
        guard others.contains(where: { $0.count > 0 }) else { return }
        labels.append("others")
        starts.append("others")
        bins.append(Group(states: Array(others)))
    }
}
