import LimpetEvents

extension SimulationSettings {
    /// Throws an error for the first setting outside its range.
    func check() throws(SimulationSettingsError) {
        try check("users", users, within: 1...5_000_000)
        try check("days", days, within: 1...3_650)
        try check("priorDays", priorDays, within: 0...3_650)
        try check("forks", forks, within: 1...10_000)
        try check("activity", activity, within: 0.05...3)
        try check("baseHazard", baseHazard, within: 0.000001...0.2)
        try check("failureEffect", failureEffect, within: 0...5)
        try check("offerEffect", offerEffect, within: 0...5)
        try check("drift", drift, within: -5...5)
        try check("frailty", frailty, within: 0...3)
        try check("silentLeavers", silentLeavers, within: 0...1)
        try check("holdoutShare", holdoutShare, within: 0...1)
        try checkStart()
        try checkLabel()
        try checkSnapshots()
    }

    /// The distinct snapshots as days after the start, ascending.
    var snapshotDays: [Int] {
        switch snapshots {
        case .never: []
        case .every(let span): Array(stride(from: span.wholeDays, through: days, by: max(1, span.wholeDays)))
        case .at(let times): Set(times.map { dayNumber(of: $0) }).sorted()
        }
    }

    private func dayNumber(of time: Timestamp) -> Int {
        TimeSpan(milliseconds: time.milliseconds - start.milliseconds).wholeDays
    }

    private func check<Value: Comparable>(
        _ field: String, _ value: Value, within range: ClosedRange<Value>
    ) throws(SimulationSettingsError) {
        guard range.contains(value) else {
            throw SimulationSettingsError(
                field: field, value: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
    }

    private func checkStart() throws(SimulationSettingsError) {
        let years = 0...Int64(250_000_000_000_000)
        guard start.milliseconds % 1_000 == 0, years.contains(start.milliseconds) else {
            throw SimulationSettingsError(
                field: "start", value: "\(start)", allowed: "a whole second of the years 1970 to 9800")
        }
    }

    private func checkLabel() throws(SimulationSettingsError) {
        try checkSpan("label horizon", label.horizon, upTo: 3_650)
        if case .event(let name, _) = label, SimulatedEvent(rawValue: name) == nil {
            let names = SimulatedEvent.allCases.map(\.rawValue).joined(separator: ", ")
            throw SimulationSettingsError(field: "label", value: name, allowed: "one of \(names)")
        }
    }

    private func checkSnapshots() throws(SimulationSettingsError) {
        switch snapshots {
        case .never: break
        case .every(let span): try checkSpan("snapshots", span, upTo: 3_650)
        case .at(let times):
            for time in times {
                let offset = TimeSpan(milliseconds: time.milliseconds - start.milliseconds)
                guard offset.isWholeDays, (1...days).contains(offset.wholeDays) else {
                    throw SimulationSettingsError(
                        field: "snapshots", value: "\(time)",
                        allowed: "1 to \(days) whole days after \(start)")
                }
            }
        }
    }

    private func checkSpan(
        _ field: String, _ span: TimeSpan, upTo most: Int
    ) throws(SimulationSettingsError) {
        guard span.isWholeDays, (1...most).contains(span.wholeDays) else {
            throw SimulationSettingsError(
                field: field, value: "\(span)", allowed: "1 to \(most) whole days")
        }
    }
}

extension TimeSpan {
    fileprivate var isWholeDays: Bool { milliseconds % TimeSpan.day.milliseconds == 0 }
    fileprivate var wholeDays: Int { Int(milliseconds / TimeSpan.day.milliseconds) }
}
