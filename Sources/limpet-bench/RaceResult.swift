import LimpetDocuments
import LimpetEvaluation
import LimpetNumerics
import LimpetTraining

/// The line of JSON that reports one run.
struct RaceResult {
    private var members: [JSONMember]

    init(seconds: Double, peakBytes: Int, memory: RaceMemory) {
        members = [
            JSONMember(name: "engine", value: .string("limpet")),
            JSONMember(name: "seconds", value: .number(seconds)),
            JSONMember(name: "peakBytes", value: .number(peakBytes)),
            JSONMember(name: "baseBytes", value: .number(memory.baseBytes)),
        ]
    }

    mutating func add(_ name: String, _ value: Double?) {
        members.append(JSONMember(name: name, value: value.map { .number($0) } ?? .null))
    }

    mutating func add(_ name: String, _ values: [Double]) {
        members.append(JSONMember(name: name, value: .array(values.map { .number($0) })))
    }

    /// Adds the log loss and the AUC of the test rows.
    mutating func evaluate(_ fit: AdditiveFit, on test: TrainingData) {
        let scores = fit.logOdds(of: test)
        add(
            "testLogLoss",
            ProbabilityLoss.logLoss(
                probabilities: scores.map(ElementaryFunctions.logistic), labels: test.labels))
        add("testAuc", Ranking.auc(scores: scores, labels: test.labels))
    }

    var text: String { JSON.object(members).compact }
}
