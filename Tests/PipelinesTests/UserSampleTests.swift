import LimpetPipelines
import Testing

/// The users of the sample from which a large log's bins are chosen.
@Suite struct UserSampleTests {
    @Test("a usual sample is of runs of 128 users, evenly spread")
    func usual() {
        let runs = UserSample(users: 1_000_000, times: 12, inputs: 144).runs(of: 0..<1_000_000)
        #expect(runs.count == 131 && runs.allSatisfy { $0.count == 128 || $0.upperBound == 1_000_000 })
        #expect(Set(zip(runs, runs.dropFirst()).map { $1.lowerBound - $0.lowerBound }) == [7_692])
    }

    @Test(
        "the values of a sample are bounded, whatever the number of snapshots and inputs",
        arguments: [(20_000, 730, 144), (500, 730, 144), (2_000_000, 104, 600), (90, 20_000, 3_000)])
    func bounded(users: Int, times: Int, inputs: Int) {
        let runs = UserSample(users: users, times: times, inputs: inputs).runs(of: 0..<users)
        let count = runs.reduce(0) { $0 + $1.count }
        #expect(count >= 1)
        // As many runs again where users are few.
        #expect((count - 1) * times * inputs <= 2 * UserSample.mostValues)
    }

    @Test("parts of a log have the runs of the whole")
    func parts() {
        let sample = UserSample(users: 30_000, times: 12, inputs: 144)
        let whole = sample.runs(of: 0..<30_000).flatMap { Array($0) }
        let parts = stride(from: 0, to: 30_000, by: 700).flatMap { first in
            // A part of a partition that begins with an earlier user.
            sample.runs(of: 100..<min(800, 30_100 - first), from: first - 100).flatMap {
                $0.map { $0 + first - 100 }
            }
        }
        #expect(parts == whole)
    }
}
