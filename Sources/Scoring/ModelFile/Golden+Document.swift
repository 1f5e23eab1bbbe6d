import LimpetDocuments
import LimpetEvents

extension Golden {
    var document: JSON {
        .object([
            "rows": .array(
                rows.map {
                    .object([
                        "values": .array($0.values), "logOdds": .number($0.logOdds),
                        "probability": .number($0.probability),
                    ])
                }),
            "histories": .array(
                histories.map {
                    .object([
                        "events": .array($0.events.map(\.goldenDocument)),
                        "at": .number(Int($0.at.milliseconds)), "logOdds": .number($0.logOdds),
                        "probability": .number($0.probability),
                    ])
                }),
        ])
    }

    init(_ node: DocumentNode, inputs: [Model.Input]) throws(DocumentError) {
        try node.allowOnly(["rows", "histories"])
        self.init()
        for element in try node.required("rows").elements(limit: ModelLimits.goldenRows) {
            try element.allowOnly(["values", "logOdds", "probability"])
            let values = try element.required("values").elements()
            guard values.count == inputs.count else { throw element.error("needs \(inputs.count) values") }
            for (input, value) in zip(inputs, values) where value.value != .null {
                if input.isCategorical { _ = try value.string() } else { _ = try value.double() }
            }
            rows.append(
                Row(
                    values: values.map(\.value), logOdds: try element.required("logOdds").double(),
                    probability: try element.required("probability").double()))
        }
        for element in try node.required("histories").elements(limit: ModelLimits.goldenRows) {
            try element.allowOnly(["events", "at", "logOdds", "probability"])
            var events: [Event] = []
            for event in try element.required("events").elements(limit: ModelLimits.goldenRows) {
                events.append(try Event(golden: event))
            }
            guard zip(events, events.dropFirst()).allSatisfy({ $0.time <= $1.time }) else {
                throw element.error("events must be in the order of their times")
            }
            histories.append(
                History(
                    events: events, at: try element.required("at").timestamp(),
                    logOdds: try element.required("logOdds").double(),
                    probability: try element.required("probability").double()))
        }
    }
}

extension Event {
    fileprivate var goldenDocument: JSON {
        .object([
            "event": .string(name), "time": .number(Int(time.milliseconds)),
            "properties": properties.isEmpty
                ? nil
                : .object(
                    properties.sortedByKey
                        .map { JSONMember(name: $0.key, value: .string($0.value)) }),
        ])
    }

    fileprivate init(golden node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["event", "time", "properties"])
        self.init(
            user: "golden", name: try node.required("event").string(),
            time: try node.required("time").timestamp())
        for (name, value) in try node.optional("properties")?.namedMembers() ?? [] {
            properties[name] = try value.string()
        }
    }
}
