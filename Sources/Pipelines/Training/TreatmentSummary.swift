package import LimpetDocuments
import LimpetScoring
package import LimpetTraining

/// The offers in the label windows of a training.
public struct TreatmentSummary: Sendable {
    /// The share of label windows that hold an offer, from 0 to 1.
    package let treatedShare: Double
    /// The number of label windows without an offer by design.
    package let sparedRows: Int
    /// True when the rows without an offer by design suffice to train on them alone.
    package let sparedRowsSuffice: Bool
    package let way: TreatedWindows
    /// The events that are offers.
    package let offers: [String]
    /// The rows before any was left out.
    package let rows: Int

    /// Makes a summary; nil where offers are only assumed, and no window holds one.
    init?(
        treatedShare: Double, sparedRows: Int, sparedRowsSuffice: Bool, of treatment: OfferTreatment,
        rows: Int
    ) {
        guard !treatment.isAssumed || treatedShare > 0 else { return nil }
        (self.treatedShare, self.sparedRows, self.rows) = (treatedShare, sparedRows, rows)
        self.sparedRowsSuffice = sparedRowsSuffice
        (way, offers) = (treatment.windows, treatment.offers)
    }

    /// Returns the last input of the data where that is the treatment; nil where offers are no term.
    package func input(of data: TrainingData) -> Int? { way == .term ? data.inputs.count - 1 : nil }

    /// True when more windows hold an offer than a model can ignore without harm.
    package var isWarning: Bool { treatedShare > OfferWindows.warningShare }

    /// The members of a report's document.
    package var members: [JSONMember] {
        [
            JSONMember(name: "treated", value: .string(way.rawValue)),
            JSONMember(name: "treatedShare", value: .number(treatedShare)),
            JSONMember(name: "treatedWarning", value: .boolean(isWarning)),
            JSONMember(
                name: "untreatedByDesign", value: .boolean(way == .exclude && sparedRowsSuffice)),
        ]
    }
}
