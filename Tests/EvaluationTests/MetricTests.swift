import LimpetEvaluation
import Testing

@Suite struct MetricTests {
    @Test("names are those of documents")
    func namesAreThoseOfDocuments() {
        #expect(
            Metric.allCases.map(\.rawValue) == [
                "auc", "prAuc", "logLoss", "brier", "calibrationError", "empc", "profit", "liftTopDecile",
            ])
        for metric in Metric.allCases { #expect(ReportMetric(rawValue: metric.rawValue) != nil) }
    }

    @Test("values are those of the report")
    func valuesAreThoseOfTheReport() {
        for weighted in [false, true] {
            let outcomes = MetricsSample().outcomes(weighted: weighted)
            let report = EvaluationReport(outcomes)
            for metric in Metric.allCases where metric != .profit {
                #expect(
                    metric.value(outcomes) == ReportMetric(rawValue: metric.rawValue).flatMap { report[$0] })
                #expect(metric.value(outcomes) != nil)
            }
            #expect(Metric.profit.value(outcomes) == Profit().best(outcomes)?.mean)
        }
    }

    /// Turning scores round makes each metric of ranking worse, and shrinking good probabilities each loss.
    @Test("the better model is preferred", arguments: Metric.allCases)
    func theBetterModelIsPreferred(metric: Metric) throws {
        let good = MetricsSample().outcomes()
        var bad = good
        bad.logOdds = good.logOdds.map { -$0 }
        bad.probabilities = good.probabilities.map { 1 - $0 }
        let (one, other) = (try #require(metric.value(good)), try #require(metric.value(bad)))
        #expect(metric.isBetter(one, than: other))
        #expect(!metric.isBetter(other, than: one))
        #expect(!metric.isBetter(one, than: one))
    }

    @Test("without rows there is no value", arguments: Metric.allCases)
    func withoutRowsThereIsNoValue(metric: Metric) {
        #expect(metric.value(Outcomes()) == nil)
    }
}
