import LimpetEvents
import LimpetParallel

/// The state of a run between two days.
struct SimulationCourse {
    private(set) var summary = Simulation.Summary()
    private let settings: SimulationSettings
    private let law: Law
    private let threads: Int
    private(set) var blocks: [UserBlock] = []
    private var open: [OpenSnapshot] = []
    private var work: WorkDone

    init(_ simulation: Simulation, threads: Int) {
        settings = simulation.settings
        law = simulation.law
        self.threads = threads
        work = WorkDone(settings)
    }

    /// Draws the users, in blocks that are small enough to keep all threads busy and much more work than the
    /// cost of a task.
    mutating func begin() async throws {
        let ranges = stride(from: 0, to: settings.users, by: 512).map { [users = settings.users] first in
            first..<min(first + 512, users)
        }
        blocks = try await concurrentMap(ranges, threads: threads) { [settings, law] range in
            UserBlock(users: range, settings: settings, law: law)
        }
    }

    mutating func simulateDay(_ day: Int, progress: (Double) -> Void) async throws {
        blocks = try await concurrentMap(blocks, threads: threads) { [settings, law] block in
            var block = block
            block.simulateDay(day, settings: settings, law: law.on(day))
            return block
        }
        for place in open.indices { open[place].note(blocks.lazy.flatMap(\.today)) }
        summary.cancellations = blocks.reduce(0) { $0 + $1.cancellations }
        progress(work.advance(by: work.ofOneDay))
    }

    /// Assigns a policy to each user, given by the index among all users.
    mutating func assign(_ policy: (Int) -> OfferPolicy) {
        for place in blocks.indices { blocks[place].assign(policy) }
    }

    /// Returns the rows of the day, in order.
    mutating func takeLog() -> [UInt8] {
        let pages = blocks.map(\.page)
        summary.events += pages.reduce(0) { $0 + $1.rowCount }
        return LogPage.inOrder(pages)
    }

    /// Computes the true probabilities at the beginning of a day, if there is a snapshot.
    mutating func openSnapshot(_ day: Int, progress: (Double) -> Void) async throws {
        guard work.snapshotDays.contains(day) else { return }
        let share = work.ofOneSnapshot / Double(blocks.count)
        let probabilities = try await concurrentMap(
            blocks, threads: threads, eachDone: { progress(work.advance(by: share)) },
            { [settings, law] block in
                block.forkedProbabilities(onDay: day, settings: settings, law: law.on(day))
            })
        open.append(OpenSnapshot(day: day, probabilities: probabilities.flatMap { $0 }))
    }

    /// Returns the rows of the snapshots whose horizon ends at the beginning of a day; on the last day those
    /// of all.
    mutating func closeSnapshots(_ day: Int) -> [[TruthRow]] {
        let horizon = LabelRule(settings.label).horizonDays
        var closed: [[TruthRow]] = []
        while let first = open.first, first.day + horizon == day || day == settings.days {
            closed.append(first.rows(settings, hasLabels: first.day + horizon <= day))
            open.removeFirst()
        }
        summary.truthRows += closed.reduce(0) { $0 + $1.count }
        return closed
    }
}

/// The progress of a run, in simulated user days.
private struct WorkDone {
    let snapshotDays: Set<Int>
    /// A day of the log costs about as much as eight days of a fork.
    let ofOneDay: Double
    let ofOneSnapshot: Double
    private let all: Double
    private var done = 0.0

    init(_ settings: SimulationSettings) {
        let days = settings.snapshotDays
        snapshotDays = Set(days)
        ofOneDay = Double(settings.users) * 8
        let horizon = Double(LabelRule(settings.label).horizonDays)
        ofOneSnapshot = Double(settings.users) / 2 * horizon * Double(settings.forks)
        all = Double(settings.days) * ofOneDay + Double(days.count) * ofOneSnapshot
    }

    /// Adds an amount of work; returns the share that is done.
    mutating func advance(by amount: Double) -> Double {
        done += amount
        return min(1, done / all)
    }
}
