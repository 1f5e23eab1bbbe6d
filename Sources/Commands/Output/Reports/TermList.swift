import LimpetDocuments
import LimpetPipelines
import LimpetScoring

/// A table of a model's terms, the most important first.
struct TermList {
    let model: Model

    init(_ model: Model) { self.model = model }

    func text(limit: Int) -> String {
        let terms = model.terms.sorted { $0.importance > $1.importance }
        let names = TermNames(model)
        let most = terms.first?.importance ?? 1
        var table = TextTable([("input", .left), ("spread", .right), ("", .left)])
        for term in terms.prefix(limit) {
            table.append([
                names.name(of: term), Format.fixed(term.importance, 3),
                Bar.filled(term.importance / most, width: 24),
            ])
        }
        let rest = terms.count - limit
        return table.text + (rest > 0 ? "\n  and \(rest) more (limpet explain shows all)" : "")
    }
}
