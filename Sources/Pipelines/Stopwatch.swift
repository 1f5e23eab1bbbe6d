/// The seconds that each stage took, for reports.
package struct Stopwatch: Sendable {
    private var last = ContinuousClock.now
    package private(set) var stages: [(name: String, seconds: Double)] = []

    /// Begins the first stage.
    package init() {}

    /// Ends a stage; seconds of `parts` are listed as stages of their own.
    package mutating func lap(_ name: String, beside parts: [(name: String, seconds: Double)] = []) {
        let now = ContinuousClock.now
        let duration = last.duration(to: now).components
        let seconds = Double(duration.seconds) + Double(duration.attoseconds) / 1e18
        stages += parts
        stages.append((name, parts.reduce(seconds) { $0 - $1.seconds }))
        last = now
    }
}
