import LimpetDocuments
import LimpetEvaluation
import LimpetPipelines
import LimpetScoring
import LimpetTraining

/// The facts of a training that call for caution: few users, from whom chance could tell the same, and a
/// ranking that is too good.
struct TrainingCaution {
    /// The number of users with label 1; nil for 50 or more.
    let leavers: Int?
    /// The interval of the log-loss skill, where it begins below 0.
    let skill: Interval?
    /// The log-loss skill without an interval, where it is not above 0.
    private let skillAlone: Double?
    /// The most important term where held-out rows are ranked almost perfectly; nil elsewhere.
    let suspect: String?

    /// The AUC from which on the ranking of held-out rows suggests that an input knows the label.
    private static let suspectAUC = 0.999
    /// The number of leavers from which on a report says nothing about it.
    private static let enough = 50

    init(_ outcome: ModelTraining.Outcome) {
        let data = outcome.input.data
        var users: Set<Int32> = []
        for (row, label) in data.labels.enumerated() where label && users.count < Self.enough {
            users.insert(data.users[row])
        }
        leavers = users.count < Self.enough ? users.count : nil
        let interval = outcome.result.estimate?.pooled.intervals?[.logLossSkill]
        skill = interval.flatMap { $0.lower <= 0 ? $0 : nil }
        let pooled = outcome.result.estimate?.pooled
        skillAlone = interval == nil ? pooled?.logLossSkill.flatMap { $0 <= 0 ? $0 : nil } : nil
        let model = outcome.result.model
        let isSuspect = outcome.result.estimate?.pooled.auc.map { $0 >= Self.suspectAUC } ?? false
        let term = isSuspect ? model.terms.max { $0.importance < $1.importance } : nil
        suspect = term.map { TermNames(model).name(of: $0) }
    }

    var suspectLine: String? {
        suspect.map {
            "Warning: held-out rows are ranked almost perfectly. Is \($0), which matters most, known only "
                + "after the label?"
        }
    }

    var fewLeavers: String? {
        guard let leavers else { return nil }
        return
            "Warning: only \(leavers) users have label 1. So few can be told apart by chance alone: look at "
            + "the intervals, not at the values, and judge the model on later users (limpet evaluate)."
    }

    var unproven: String? {
        if let skillAlone {
            return
                "Warning: on these rows the model is no better than the base rate alone: its log-loss skill "
                + "is \(Format.fixed(skillAlone, 4))."
        }
        return skill.map { skill in
            let range = "\(Format.fixed(skill.lower, 4)) to \(Format.fixed(skill.upper, 4))"
            guard skill.upper >= 0 else {
                return "Warning: on these rows the model is worse than the base rate alone: its log-loss "
                    + "skill is \(range)."
            }
            return "Warning: it is not proven that the model knows more than the base rate: the interval of "
                + "its log-loss skill, \(range), contains 0."
        }
    }

    /// The same as members of JSON.
    var members: [JSONMember] {
        [
            leavers.map { JSONMember(name: "fewLeavers", value: .number($0)) },
            skill.map { _ in JSONMember(name: "skillIsProven", value: .boolean(false)) },
            suspect.map { JSONMember(name: "suspectInput", value: .string($0)) },
        ].compactMap { $0 }
    }
}
