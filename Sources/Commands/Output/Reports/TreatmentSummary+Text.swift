import LimpetDocuments
import LimpetPipelines
import LimpetTraining

extension TreatmentSummary {
    /// The share of label windows with an offer, and what follows from it.
    var text: String {
        let share =
            "\(Format.percent(treatedShare)) of \(Format.count(rows)) label windows hold an offer "
            + "(\(offers.joined(separator: ", "))); \(consequence)"
        guard isWarning else { return share }
        return "Warning, more than \(Format.percent(OfferWindows.warningShare)): " + share
    }

    private var consequence: String {
        switch way {
        case .ignore:
            "users whom an offer saved look as if their signs were safe. "
                + "--offer-events with --treated exclude or term learns churn without offers."
        case .term:
            "the model is that of users without one. One effect of offers is assumed for all users."
        case .exclude where sparedRowsSuffice:
            "learnt from windows without an offer by design: of held-out users, or before the first offer."
        case .exclude:
            "they are left out. Who left early was shown no offer, so that the rest holds too many leavers: "
                + "the ranking can be trusted more than the level. --treated term, or more users in "
                + "--holdout-users, avoid it."
        }
    }
}
