import LimpetDocuments
import LimpetEvents

extension Term.Curve {
    var members: [JSONMember] {
        var members = [
            JSONMember(name: "type", value: .string("curve")),
            JSONMember(name: "transform", value: .string(transform.rawValue)),
            JSONMember(name: "knots", value: .numbers(knots)),
            JSONMember(name: "values", value: .numbers(values)),
            JSONMember(name: "slopes", value: .numbers(slopes)),
        ]
        if let standardErrors {
            members.append(JSONMember(name: "standardErrors", value: .numbers(standardErrors)))
        }
        return members
    }

    init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(Term.commonKeys + ["transform", "knots", "values", "slopes", "standardErrors"])
        let knots = try node.required("knots").doubles()
        guard (2...ModelLimits.knotsPerCurve).contains(knots.count), knots.isStrictlyAscending else {
            throw try node.required("knots").error(
                "must be from 2 to \(ModelLimits.knotsPerCurve), strictly ascending")
        }
        let values = try node.required("values").doubles()
        let slopes = try node.required("slopes").doubles()
        let errors = try node.optional("standardErrors")?.standardErrors()
        guard values.count == knots.count, slopes.count == knots.count,
            errors.map({ $0.count == knots.count }) ?? true
        else {
            throw node.error("\(knots.count) knots need as many values, slopes and standardErrors")
        }
        self.init(
            transform: try node.required("transform").choice(Term.Transform.self), knots: knots,
            values: values, slopes: slopes, standardErrors: errors)
        guard pieces.allSatisfy(\.isFinite) else {
            throw node.error("knots lie too close together for what their values and slopes differ by")
        }
    }
}
