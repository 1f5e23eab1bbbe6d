public import LimpetScoring

/// A model as an ONNX graph in double precision that handles missing values and categories itself.
///
///     let verified = try ModelFile.decode(bytes)
///     let graph = try ONNXModel(verified.scorer.model, hash: verified.hash)
///     let file = graph.bytes
///
/// The graph has one input `[rows]` for each input of the model: doubles, NaN where a number is missing, or
/// strings, empty where a text is missing. Its outputs are `log_odds` and `probability`, doubles. It uses
/// only comparisons, gathering and arithmetic of ONNX's own operators, opset 13, and `LabelEncoder` of
/// `ai.onnx.ml` 2 for texts, since tree operators hold thresholds or results in 32 bits. The number of
/// operations does not grow with the number of terms.
public struct ONNXModel: Sendable {
    /// The version of ONNX's own operators.
    public static let operatorSet = 13
    /// The version of the operators of `ai.onnx.ml`.
    public static let machineLearningOperatorSet = 2
    /// The version of the file format, that of ONNX 1.8, the first with this operator set.
    public static let fileVersion = 7
    /// The names of the outputs.
    public static let outputs = ["log_odds", "probability"]

    private let model: Model
    private let hash: String

    /// Makes the graph of a model.
    ///
    /// - Parameter hash: the hash that identifies the model, written to the file's metadata.
    /// - Throws: ``ExportError`` when there is no input, or one has no name or that of an output.
    public init(_ model: Model, hash: String) throws(ExportError) {
        guard !model.inputs.isEmpty else { throw .noInputs }
        for input in model.inputs where input.name.isEmpty || Self.outputs.contains(input.name) {
            throw .reservedName(input: input.name, outputs: Self.outputs)
        }
        (self.model, self.hash) = (model, hash)
    }

    /// The bytes of the file.
    public var bytes: [UInt8] {
        var file = ProtobufMessage()
        file.add(1, Self.fileVersion)
        file.add(2, "limpet")
        file.add(6, "Log-odds and probability of the Limpet model \(hash)")
        file.add(7, graph)
        file.add(8, Self.operators("", Self.operatorSet))
        file.add(8, Self.operators("ai.onnx.ml", Self.machineLearningOperatorSet))
        var entry = ProtobufMessage()
        entry.add(1, "limpet_sha256")
        entry.add(2, hash)
        file.add(14, entry)
        return file.bytes
    }

    private static func operators(_ domain: String, _ version: Int) -> ProtobufMessage {
        var message = ProtobufMessage()
        message.add(1, domain)
        message.add(2, version)
        return message
    }

    private var graph: ProtobufMessage {
        var graph = ONNXGraph(name: "limpet", inputNames: model.inputs.map(\.name))
        let inputs = model.inputs.map { input in
            input.isCategorical
                ? graph.input(input.name, .string, description: Self.description(of: input))
                : graph.input(input.name, .double, description: "a number; NaN where it is missing")
        }
        let logOdds = self.logOdds(inputs, &graph)
        let probability = ONNXCalibrator(model.calibrator).probability(of: logOdds, &graph)
        graph.output(logOdds, name: Self.outputs[0], description: "the sum of the terms")
        graph.output(probability, name: Self.outputs[1], description: "the calibrated probability")
        return graph.message
    }

    private static func description(of category: Model.Input) -> String {
        switch category.codes {
        case nil: "a text; empty where it is missing"
        case .exact: "a code in its shortest form, 1 rather than 1.0; empty where it is missing"
        case .truncated: "a whole code in its shortest form, 1 rather than 1.0; empty where it is missing"
        }
    }

    private func logOdds(_ inputs: [ONNXGraph.Value], _ graph: inout ONNXGraph) -> ONNXGraph.Value {
        var terms = ONNXTerms(model)
        let parts = terms.contributions(inputs, &graph)
        let intercept = graph.constant([model.intercept])
        guard !parts.isEmpty else {
            // A tensor with one element for each row of the inputs.
            return graph.node("Expand", [intercept, graph.node("Shape", [inputs[0]])])
        }
        let axis = graph.constant([1])
        let sum = graph.node("ReduceSum", [graph.beside(parts), axis], ["keepdims": .integer(0)])
        return graph.binary("Add", intercept, sum)
    }
}
