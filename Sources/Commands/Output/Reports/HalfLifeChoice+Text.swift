import LimpetDocuments
import LimpetEvents
import LimpetTraining

extension HalfLifeChoice {
    /// The choice as a sentence.
    var text: String {
        let size = "\(Format.fixed(difference, 4)) ± \(Format.fixed(standardError, 4))"
        guard let halfLife else {
            return
                "All snapshots weigh the same: of \(tried.map(\.description).joined(separator: ", ")) as the "
                + "time in which their weight halves, the best changes the log loss of later snapshots by "
                + "\(size)."
        }
        return
            "Snapshots fade: their weight in fits halves each \(halfLife), which changes the log loss "
            + "of later snapshots by \(size); what makes users leave changes over time. --half-life "
            + "none lets all weigh the same."
    }

    /// The choice as JSON.
    var document: JSON {
        .object([
            "halfLife": halfLife.map { .string($0.description) } ?? .null,
            "tried": .array(tried.map { .string($0.description) }), "difference": .number(difference),
            "standardError": .number(standardError),
        ])
    }
}
