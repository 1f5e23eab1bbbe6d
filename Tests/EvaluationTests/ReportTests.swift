import LimpetDocuments
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct ReportTests {
    private var outcomes: Outcomes { MetricsSample().outcomes() }

    private func isNear(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) < 1e-11 } ?? false
    }

    @Test("a report holds the metrics of its outcomes")
    func aReportHoldsTheMetricsOfItsOutcomes() {
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
        #expect(isNear(report.prAuc, MetricsSample.Peers.prAuc))
        #expect(isNear(report.logLossSkill, MetricsSample.Peers.logLossSkill))
        #expect(isNear(report.calibrationIntercept, MetricsSample.Peers.calibrationInTheLarge))
        #expect(isNear(report.calibrationError, MetricsSample.Peers.calibrationError))
        #expect(isNear(report[.maximumCalibrationError], MetricsSample.Peers.maximumCalibrationError))
        #expect(isNear(report.empc, MetricsSample.Peers.empc))
        #expect(isNear(report.empcFraction, MetricsSample.Peers.empcFraction))
    }

    /// The data set "rare" of scripts/peers/metrics_constants.py, where few leave and no scores are tied.
    @Test("a rare label has the metrics of scikit-learn and Empulse")
    func aRareLabelHasTheMetricsOfScikitLearnAndEmpulse() {
        var uniforms = Uniforms(seed: 777)
        var outcomes = Outcomes()
        for row in 0..<3_000 {
            let (a, b) = (uniforms.next(), uniforms.next())
            let p = 0.2 * (a * a) * (a * a)
            outcomes.append(
                Outcomes(logOdds: [10 * a - 5], probabilities: [p], labels: [b < p], users: [Int32(row)]))
        }
        let report = EvaluationReport(outcomes)
        #expect(report.positives == 137)
        #expect(isNear(report.auc, 0.8366421827953426))
        #expect(isNear(report.prAuc, 0.17253826167644823))
        #expect(isNear(report.logLoss, 0.15006824761239784))
        #expect(isNear(report.brier, 0.040369455180673405))
        #expect(isNear(report.calibrationError, 0.006576311958396812))
        #expect(isNear(report.empc, 0.2532615917806452))
        #expect(isNear(report.empcFraction, 0.06682143004815223))
    }

    @Test("the parts of the Brier score add up")
    func thePartsOfTheBrierScoreAddUp() throws {
        let report = EvaluationReport(outcomes)
        let reliability = try #require(report[.brierReliability])
        let resolution = try #require(report[.brierResolution])
        let uncertainty = try #require(report[.brierUncertainty])
        #expect(isNear(report.brier, reliability - resolution + uncertainty))
    }

    @Test("a report is cheap unless more is requested")
    func aReportIsCheapUnlessMoreIsRequested() async throws {
        let report = EvaluationReport(outcomes)
        #expect(report.deciles == nil && report.intervals == nil)
        #expect(report.document["deciles"] == nil && report.document["intervals"] == nil)
        #expect(report.document["profit"] == nil)
        let plain = try await EvaluationReport.detailed(outcomes, bootstrap: nil)
        #expect(plain.deciles?.count == 10 && plain.intervals == nil)
        #expect(plain.values == report.values)
    }

    @Test("a detailed report holds intervals and tenths")
    func aDetailedReportHoldsIntervalsAndTenths() async throws {
        var settings = MetricSettings()
        settings.threshold = 0.5
        let bootstrap = Bootstrap(replicates: 50, seed: 4)
        let report = try await EvaluationReport.detailed(
            outcomes, settings: settings, bootstrap: bootstrap, threads: 2)
        let document = report.document
        #expect(document["deciles"]?.array?.count == 10)
        let first = try #require(document["deciles"]?.array?.first)
        #expect(first.members?.map(\.name) == ["share", "lift", "gain", "rate", "meanProbability"])
        for metric in ReportMetric.allCases {
            let interval = try #require(document["intervals"]?[metric.rawValue])
            let lower = try #require(interval["lower"]?.double)
            let upper = try #require(interval["upper"]?.double)
            #expect(lower <= upper)
            #expect(document[metric.rawValue]?.double == report[metric])
        }
        #expect(isNear(report[.profit], Profit().result(outcomes, threshold: 0.5)?.mean ?? .nan))
        let again = try await bootstrap.intervals(outcomes, settings: settings)
        #expect(report.intervals == again)
    }

    @Test("users are ranked by log-odds, not by probabilities")
    func usersAreRankedByLogOddsNotByProbabilities() {
        // Saturated probabilities are tied; their log-odds are not.
        let report = EvaluationReport(
            Outcomes(logOdds: [50, 60], probabilities: [1, 1], labels: [false, true], users: [0, 1]))
        #expect(report.auc == 1)
    }

    @Test("what cannot be computed is null")
    func whatCannotBeComputedIsNull() {
        let document = EvaluationReport(Outcomes()).document
        #expect(document["rows"] == .number(0))
        for name in [
            "baseRate", "auc", "logLoss", "baseLogLoss", "brier", "observedToExpected", "calibrationSlope",
            "liftTopDecile", "prAuc", "logLossSkill", "brierReliability", "brierResolution",
            "brierUncertainty",
            "calibrationError", "maximumCalibrationError", "calibrationIntercept", "empc", "empcFraction",
        ] {
            #expect(document[name] == .null)
        }
    }

    @Test("one class has no ranking but a loss")
    func oneClassHasNoRankingButALoss() {
        let report = EvaluationReport(
            Outcomes(logOdds: [0, 1], probabilities: [0.5, 0.5], labels: [true, true], users: [0, 1]))
        #expect(report.auc == nil)
        #expect(report.calibrationSlope == nil)
        #expect(isNear(report.logLoss, 0.6931471805599453))
        #expect(report.baseLogLoss == 0)
        #expect(report.observedToExpected == 2)
    }

    @Test("a probability that is no number defines no profit")
    func aProbabilityThatIsNoNumberDefinesNoProfit() {
        var settings = MetricSettings()
        settings.threshold = 0.5
        var outcomes = outcomes
        #expect(EvaluationReport(outcomes, settings: settings)[.profit] != nil)
        outcomes.probabilities[3] = .nan
        #expect(EvaluationReport(outcomes, settings: settings)[.profit] == nil)
        #expect(EvaluationReport(outcomes)[.auc] != nil)
    }

    @Test("certain probabilities break nothing")
    func certainProbabilitiesBreakNothing() {
        let report = EvaluationReport(
            Outcomes(
                logOdds: [-800, 800, -1, 1], probabilities: [0, 1, 0.3, 0.6],
                labels: [false, true, true, false], users: [0, 1, 2, 3]))
        #expect(report.auc == 0.75)
        #expect(report.logLoss?.isFinite == true)
    }
}
