import LimpetDocuments
import LimpetEvaluation
import LimpetScoring

/// The profit of contacting users above a threshold, as a table beside that of contacting nobody and
/// everybody.
struct ContactText {
    let report: ContactReport

    init(_ report: ContactReport) { self.report = report }

    var text: String {
        var table = TextTable([("", .left), ("", .right), ("", .left), ("", .left)])
        table.append(row("profit per row", report.mean, "contacted or not; contacting nobody brings 0"))
        table.append(row("profit per contact", report.perContact, "per row that is contacted"))
        table.append(row("profit of everybody", report.everybody, "per row, had everybody been contacted"))
        table.append([
            "share contacted", Format.percent(report.fraction.value),
            interval(report.fraction) { Format.percent($0) }, "",
        ])
        return String(table.text.drop { $0.isWhitespace && $0 != " " })
    }

    private func row(_ name: String, _ value: ContactReport.Value?, _ warning: String) -> [String] {
        [name, Format.fixed(value?.value, 3), interval(value) { Format.fixed($0, 3) }, warning]
    }

    private func interval(_ value: ContactReport.Value?, _ text: (Double) -> String) -> String {
        value?.interval.map { "\(text($0.lower)) to \(text($0.upper))" } ?? ""
    }
}

/// A model's threshold in words.
struct DecisionText {
    let decision: Model.Decision

    init(_ decision: Model.Decision) { self.decision = decision }

    var text: String {
        let who =
            decision.threshold == .infinity
            ? "nobody, as no offer pays"
            : "who has a probability of at least \(Format.fixed(decision.threshold, 4))"
        let value = decision.valueInput.map {
            "a user is worth \($0), or \(Format.short(decision.value)) where that is missing"
        }
        return
            "contact \(who): \(value ?? "a user is worth \(Format.short(decision.value))"), an offer keeps "
            + "\(Format.percent(decision.successProbability)) of those who would leave, costs "
            + "\(Format.short(decision.offerCost)) and its contact \(Format.short(decision.contactCost))"
    }
}
