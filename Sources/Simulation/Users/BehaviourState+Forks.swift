extension BehaviourState {
    /// Returns in how many of `count` futures, all simulated from this state, the label is true.
    package func countForks(
        _ count: Int, rule: LabelRule, law: Law, stream: inout RandomStream
    ) -> Int {
        var positive = 0
        for _ in 0..<count {
            var fork = self
            if rule.label(of: fork.lookAhead(rule, law, &stream)) { positive += 1 }
        }
        return positive
    }

    /// Returns the events of the first day that decides the label; none when no day up to the horizon does.
    private mutating func lookAhead(_ rule: LabelRule, _ law: Law, _ stream: inout RandomStream) -> EventSet {
        var law = law
        for _ in 0..<rule.horizonDays {
            defer { law = law.next }
            guard presence == .present else { return [] }
            let events = simulateDay(law, &stream).events
            if !rule.deciding.isDisjoint(with: events) { return events }
        }
        return []
    }
}
