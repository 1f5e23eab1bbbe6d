import LimpetSimulation

/// Everything that one run hands over, gathered.
struct SimulatedLog {
    let bytes: [UInt8]
    let truth: [TruthRow]
    let summary: Simulation.Summary
    let progress: [Double]

    init(_ settings: SimulationSettings, threads: Int = 2) async throws {
        let simulation = try Simulation(settings)
        var (bytes, truth, progress): ([UInt8], [TruthRow], [Double]) = ([], [], [])
        summary = try await simulation.run(
            threads: threads, progress: { progress.append($0) }, events: { bytes += $0 },
            truth: { truth += $0 })
        (self.bytes, self.truth, self.progress) = (bytes, truth, progress)
    }

    /// The cells of all rows; the header apart.
    var rows: [[Substring]] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
}

/// The columns of the log by their place.
enum Column {
    static let time = 0
    static let user = 1
    static let event = 2
    static let value = 3
    static let messageID = 4
    static let offer = 12
    static let propensity = 13
    static let reason = 14
}

extension SimulationSettings {
    /// A run of a fraction of a second.
    static var small: SimulationSettings {
        var settings = SimulationSettings()
        settings.users = 1_200
        settings.days = 90
        settings.forks = 20
        return settings
    }
}
