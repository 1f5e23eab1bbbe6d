import LimpetParallel
import Synchronization
import Testing

/// The clock of the stages of a run.
@Suite struct StageClockTests {
    @Test("stages sum to the whole time exactly, whatever threads begin them")
    func sum() async {
        let clock = StageClock(age: .milliseconds(30))
        clock.begin(.read)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<200 { clock.within(task % 2 == 0 ? .bin : .boost) {} }
                }
            }
        }
        clock.begin(.write)
        for _ in 0..<3 {
            let reading = clock.reading()
            #expect(reading.stages.reduce(.zero) { $0 + $1.time } == reading.total)
            #expect(Set(reading.stages.map(\.name)) == ["other", "read", "bin", "boost", "write"])
            #expect(reading.stages[0].time >= .milliseconds(30))
        }
    }

    @Test("a stage within another one goes back to it, also by an error")
    func within() {
        struct Failure: Error {}
        let clock = StageClock()
        let told = Mutex<[RunStage]>([])
        clock.observe { stage in told.withLock { $0.append(stage) } }
        #expect(clock.begin(.fit) == .other)
        #expect(throws: Failure.self) { try clock.within(.bin) { throw Failure() } }
        #expect(clock.stage == .fit)
        #expect(clock.begin(.fit) == .fit)
        clock.observe(nil)
        clock.begin(.write)
        #expect(told.withLock { $0 } == [.fit, .bin, .fit])
    }
}
