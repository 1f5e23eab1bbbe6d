public import LimpetDocuments
import LimpetScoring

extension EvaluationReport {
    /// The metrics as a document; those that are undefined are null.
    ///
    /// `profit` is present where a threshold was given, `deciles` and `intervals` where they were requested.
    public var document: JSON {
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        var members = [
            JSONMember(name: "rows", value: .number(rows)),
            JSONMember(name: "users", value: .number(users)),
            JSONMember(name: "positives", value: .number(positives)),
            JSONMember(name: "baseRate", value: number(baseRate)),
        ]
        for metric in ReportMetric.allCases where metric != .profit || self[.profit] != nil {
            members.append(JSONMember(name: metric.rawValue, value: number(self[metric])))
        }
        if let deciles {
            members.append(JSONMember(name: "deciles", value: .array(deciles.map(\.document))))
        }
        if let intervals { members.append(JSONMember(name: "intervals", value: document(intervals))) }
        return .object(members)
    }

    private func document(_ intervals: [ReportMetric: Interval]) -> JSON {
        .object(
            ReportMetric.allCases.compactMap { metric in
                intervals[metric].map { JSONMember(name: metric.rawValue, value: $0.document) }
            })
    }
}

extension Interval {
    /// The interval as a document.
    public var document: JSON { .object(["lower": .number(lower), "upper": .number(upper)]) }
}

extension Decile {
    /// The decile as a document.
    public var document: JSON {
        .object([
            "share": .number(share), "lift": .number(lift), "gain": .number(gain), "rate": .number(rate),
            "meanProbability": .number(meanProbability),
        ])
    }
}

extension Profit.Result {
    /// The profit as a document; where nobody is contacted the threshold is null, and `contact` says so.
    public var document: JSON {
        .object([
            "threshold": .number(threshold),
            "contact": threshold == .infinity ? .string("nobody") : nil,
            "total": .number(total), "mean": .number(mean), "fraction": .number(fraction),
        ])
    }
}

extension ContactReport {
    /// The profits as a document, with that of contacting nobody, and `intervals` where they were requested.
    public var document: JSON {
        let values: [(name: String, value: Value?)] = [
            ("profit", mean), ("profitPerContact", perContact), ("fraction", fraction),
            ("profitOfEverybody", everybody),
        ]
        var members = values.map { name, value in
            JSONMember(name: name, value: value.map { .number($0.value) } ?? .null)
        }
        members.append(JSONMember(name: "profitOfNobody", value: .number(0)))
        let intervals = values.compactMap { name, value in
            value?.interval.map { JSONMember(name: name, value: $0.document) }
        }
        if !intervals.isEmpty { members.append(JSONMember(name: "intervals", value: .object(intervals))) }
        return .object(members)
    }
}
