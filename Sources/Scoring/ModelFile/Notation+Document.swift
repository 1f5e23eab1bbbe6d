import LimpetDocuments
import LimpetEvents

extension Notation {
    /// The notation as a document.
    var document: JSON {
        switch self {
        case .number(let notation):
            .object([
                "type": .string("number"), "mark": .string(notation.mark.rawValue),
                "thousands": .string(notation.thousands.rawValue), "sign": .string(notation.sign),
            ])
        case .date(let order, let reference):
            .object([
                "type": .string("date"), "order": .string(order.rawValue),
                "before": .number(Int(reference.milliseconds)),
            ])
        }
    }

    /// Reads a notation from a document.
    init(_ node: DocumentNode) throws(DocumentError) {
        let type = try node.required("type").string()
        switch type {
        case "number":
            try node.allowOnly(["type", "mark", "thousands", "sign"])
            self = .number(
                NumberNotation(
                    mark: try node.required("mark").choice(NumberNotation.Mark.self),
                    thousands: try node.required("thousands").choice(NumberNotation.Thousands.self),
                    sign: try node.required("sign").string()))
        case "date":
            try node.allowOnly(["type", "order", "before"])
            self = .date(
                try node.required("order").choice(DateNotation.self),
                before: try node.required("before").timestamp())
        default: throw node.error("type is \(type.quoted), expected number or date")
        }
    }
}
