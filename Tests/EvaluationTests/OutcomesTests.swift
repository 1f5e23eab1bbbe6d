import LimpetEvaluation
import Testing

@Suite struct OutcomesTests {
    private let outcomes = Outcomes(
        logOdds: [1, 2, 3], probabilities: [0.1, 0.2, 0.3], labels: [true, false, true], users: [7, 8, 7])

    @Test("filtering keeps rows together")
    func filteringKeepsRowsTogether() {
        let kept = outcomes.filtered { $0 != 1 }
        #expect(kept.logOdds == [1, 3])
        #expect(kept.probabilities == [0.1, 0.3])
        #expect(kept.labels == [true, true])
        #expect(kept.users == [7, 7])
        #expect(outcomes.filtered { _ in false }.count == 0)
    }

    @Test("appended rows come last")
    func appendedRowsComeLast() {
        var all = Outcomes()
        all.append(outcomes.filtered { $0 == 2 })
        all.append(outcomes)
        #expect(all.logOdds == [3, 1, 2, 3])
        #expect(all.users == [7, 7, 8, 7])
        #expect(all.count == 4)
        #expect(all.positives == 3)
    }
}
