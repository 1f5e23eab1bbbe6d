import LimpetDocuments
import LimpetScoring
import LimpetTraining

/// The coefficients with standard errors, intervals and p-values, as text and as JSON.
struct InferenceReport {
    private let inference: LogisticInference

    init(_ inference: LogisticInference) {
        self.inference = inference
    }

    var document: JSON {
        .object([
            "errors": .string(inference.robust.rawValue), "confidence": .number(inference.confidence),
            "basis": .string(basis), "logLikelihood": .number(inference.logLikelihood),
            "coefficients": .array(
                inference.coefficients.map {
                    .object([
                        "name": .string($0.name), "estimate": .number($0.estimate),
                        "standardError": .number($0.standardError), "z": .number($0.z), "p": .number($0.p),
                        "lower": .number($0.lower), "upper": .number($0.upper),
                    ])
                }),
        ])
    }

    private var basis: String {
        switch inference.basis {
        case .allRows: "all rows"
        case .sampleSplit(let selection, let fit):
            "columns chosen on \(Format.count(selection)) rows, fitted on \(Format.count(fit)) of other users"
        }
    }

    var text: String {
        var table = TextTable([
            ("column", .left), ("estimate", .right), ("error", .right), ("z", .right), ("p", .right),
            ("\(Format.percent(inference.confidence, 0)) interval", .left),
        ])
        for coefficient in inference.coefficients {
            table.append([
                coefficient.name, Format.fixed(coefficient.estimate, 4),
                Format.fixed(coefficient.standardError, 4), Format.fixed(coefficient.z, 2),
                coefficient.p < 0.0001 ? "< 0.0001" : Format.fixed(coefficient.p, 4),
                "\(Format.fixed(coefficient.lower, 4)) to \(Format.fixed(coefficient.upper, 4))",
            ])
        }
        return """
            Coefficients of an unpenalised fit (\(basis); errors: \(inference.robust.rawValue)):
            \(table.text)
            """
    }
}
