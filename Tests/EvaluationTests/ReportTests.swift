import LimpetEvaluation
import LimpetScoring
import Testing

@Suite struct ReportTests {
    private var outcomes: Outcomes {
        let sample = MetricsSample()
        return Outcomes(
            logOdds: sample.logOdds, probabilities: sample.probabilities, labels: sample.labels,
            users: sample.labels.indices.map { Int32($0 / 4) })
    }

    private func isNear(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) < 1e-11 } ?? false
    }

    @Test func aReportHoldsTheMetricsOfItsOutcomes() {
        let report = EvaluationReport(outcomes)
        #expect(report.rows == 200)
        #expect(report.users == 50)
        #expect(report.positives == 105)
        #expect(isNear(report.auc, MetricsSample.Peers.auc))
        #expect(isNear(report.logLoss, MetricsSample.Peers.logLoss))
        #expect(isNear(report.brier, MetricsSample.Peers.brier))
        #expect(isNear(report.observedToExpected, MetricsSample.Peers.observedToExpected))
        #expect(isNear(report.calibrationSlope, MetricsSample.Peers.calibrationSlope))
        #expect(report.liftTopDecile == Ranking.lift(scores: outcomes.logOdds, labels: outcomes.labels))
        #expect(report.baseLogLoss == ProbabilityLoss.baseLogLoss(labels: outcomes.labels))
    }

    @Test func usersAreRankedByLogOddsNotByProbabilities() {
        // Saturated probabilities are tied; their log-odds are not.
        let report = EvaluationReport(
            Outcomes(logOdds: [50, 60], probabilities: [1, 1], labels: [false, true], users: [0, 1]))
        #expect(report.auc == 1)
    }

    @Test func whatCannotBeComputedIsNull() {
        let document = EvaluationReport(Outcomes()).document
        #expect(document["rows"] == .number(0))
        for name in [
            "baseRate", "auc", "logLoss", "baseLogLoss", "brier", "observedToExpected", "calibrationSlope",
            "liftTopDecile",
        ] {
            #expect(document[name] == .null)
        }
    }

    @Test func oneClassHasNoRankingButALoss() {
        let report = EvaluationReport(
            Outcomes(logOdds: [0, 1], probabilities: [0.5, 0.5], labels: [true, true], users: [0, 1]))
        #expect(report.auc == nil)
        #expect(report.calibrationSlope == nil)
        #expect(isNear(report.logLoss, 0.6931471805599453))
        #expect(report.baseLogLoss == 0)
        #expect(report.observedToExpected == 2)
    }

    @Test func certainProbabilitiesBreakNothing() {
        let report = EvaluationReport(
            Outcomes(
                logOdds: [-800, 800, -1, 1], probabilities: [0, 1, 0.3, 0.6],
                labels: [false, true, true, false], users: [0, 1, 2, 3]))
        #expect(report.auc == 0.75)
        #expect(report.logLoss?.isFinite == true)
    }
}
