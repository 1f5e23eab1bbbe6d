public import LimpetDocuments
import LimpetEvents

extension Model {
    /// The threshold that is shipped with a model, and the costs and gains that it was chosen for.
    public struct Decision: Hashable, Sendable {
        /// The least probability of a user who is contacted; infinite when nobody is.
        public var threshold: Double
        /// The value of keeping a user, in money, where no input gives it.
        public var value: Double
        /// The probability that the offer keeps a user who would leave.
        public var successProbability: Double
        /// The cost of the offer when it is taken.
        public var offerCost: Double
        /// The cost of contacting a user.
        public var contactCost: Double
        /// The name of the input that holds the value of keeping each user; nil when all are worth the same.
        public var valueInput: String?

        /// Creates a decision.
        public init(
            threshold: Double, value: Double, successProbability: Double, offerCost: Double,
            contactCost: Double, valueInput: String? = nil
        ) {
            self.threshold = threshold
            self.value = value
            self.successProbability = successProbability
            self.offerCost = offerCost
            self.contactCost = contactCost
            self.valueInput = valueInput
        }

        /// Returns true if a user with this probability is contacted.
        public func isContacted(_ probability: Double) -> Bool { probability >= threshold }
    }
}

extension Model.Decision {
    private static let nobody = "nobody"

    /// The decision as a document.
    ///
    /// JSON has no infinite numbers: where nobody is contacted, the threshold is null and `contact` says so.
    public var document: JSON {
        .object([
            "threshold": .number(threshold),
            "contact": threshold == .infinity ? .string(Self.nobody) : nil,
            "value": .number(value), "successProbability": .number(successProbability),
            "offerCost": .number(offerCost), "contactCost": .number(contactCost),
            "valueInput": valueInput.map { .string($0) },
        ])
    }

    init(_ node: DocumentNode, inputs: [Model.Input]) throws(DocumentError) {
        try node.allowOnly([
            "threshold", "contact", "value", "successProbability", "offerCost", "contactCost", "valueInput",
        ])
        let amounts = 0...Double.greatestFiniteMagnitude
        self.init(
            threshold: try Self.threshold(node), value: try Self.number(node, "value", in: amounts),
            successProbability: try Self.number(node, "successProbability", in: 0...1),
            offerCost: try Self.number(node, "offerCost", in: amounts),
            contactCost: try Self.number(node, "contactCost", in: amounts),
            valueInput: try Self.valueInput(node, inputs: inputs))
    }

    private static func threshold(_ node: DocumentNode) throws(DocumentError) -> Double {
        guard try node.optional("threshold") == nil else {
            guard try node.optional("contact") == nil else {
                throw node.error("has both a threshold and a contact")
            }
            return try number(node, "threshold", in: 0...1)
        }
        let contact = try node.required("contact")
        guard try contact.string() == nobody else { throw contact.error("expected \(nobody)") }
        return .infinity
    }

    private static func number(
        _ node: DocumentNode, _ name: String, in range: ClosedRange<Double>
    ) throws(DocumentError) -> Double {
        let member = try node.required(name)
        let number = try member.double()
        guard range.contains(number) else {
            throw member.error("is \(number), expected \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func valueInput(
        _ node: DocumentNode, inputs: [Model.Input]
    ) throws(DocumentError) -> String? {
        guard let member = try node.optional("valueInput") else { return nil }
        let name = try member.string()
        guard inputs.contains(where: { $0.name.isVerbatim(name) && !$0.isCategorical }) else {
            throw member.error("\(name.quoted) is no number among the inputs")
        }
        return name
    }
}
