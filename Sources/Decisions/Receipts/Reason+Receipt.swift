public import LimpetDocuments
public import LimpetScoring

extension Reason {
    /// The reason as receipts and responses hold it.
    public var receiptDocument: JSON {
        .object([
            "topic": .string(topic), "contribution": .number(contribution), "input": .string(input),
            "value": value.map { .string($0) }, "secondInput": secondInput.map { .string($0) },
            "secondValue": secondValue.map { .string($0) }, "sentence": .string(sentence),
        ])
    }
}
