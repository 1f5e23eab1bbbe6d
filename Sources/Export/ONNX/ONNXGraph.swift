import LimpetDocuments

/// A builder of a graph in which each operation gives its result a new name. Field numbers are those of
/// `onnx.proto`.
struct ONNXGraph {
    /// The name of a tensor in the graph.
    struct Value: Hashable {
        let name: String
    }

    /// The types of elements in use, with their numbers in `TensorProto.DataType`.
    enum Element: Int {
        case int64 = 7
        case string = 8
        case double = 11
    }

    /// An attribute of an operation.
    enum Attribute {
        case integer(Int)
        case integers([Int])
        case texts([String])
    }

    private var graph = ProtobufMessage()
    private var valueCount = 0
    /// The prefix of the names of inner tensors, with which no input's name begins.
    private let prefix: String

    /// Makes a graph without operations.
    ///
    /// - Parameter inputNames: the names that inner tensors must not have.
    init(name: String, inputNames: [String]) {
        var prefix = "_"
        while inputNames.contains(where: { $0.begins(with: prefix) }) { prefix += "_" }
        self.prefix = prefix
        graph.add(2, name)
    }

    private mutating func newValue() -> Value {
        valueCount += 1
        return Value(name: prefix + String(valueCount))
    }

    // MARK: Operations

    /// Adds an operation with one result.
    mutating func node(
        _ operation: String, _ inputs: [Value], domain: String = "",
        _ attributes: KeyValuePairs<String, Attribute> = [:]
    ) -> Value {
        let result = newValue()
        add(operation, inputs, result: result, domain: domain, attributes)
        return result
    }

    /// Adds an output with the value of a tensor.
    mutating func output(_ value: Value, name: String, description: String) {
        add("Identity", [value], result: Value(name: name), domain: "", [:])
        graph.add(12, Self.tensorInfo(name, .double, description))
    }

    private mutating func add(
        _ operation: String, _ inputs: [Value], result: Value, domain: String,
        _ attributes: KeyValuePairs<String, Attribute>
    ) {
        var node = ProtobufMessage()
        for input in inputs { node.add(1, input.name) }
        node.add(2, result.name)
        node.add(3, "node_" + result.name)
        node.add(4, operation)
        for (name, value) in attributes { node.add(5, Self.message(name, value)) }
        if !domain.isEmpty { node.add(7, domain) }
        graph.add(1, node)
    }

    private static func message(_ name: String, _ attribute: Attribute) -> ProtobufMessage {
        var message = ProtobufMessage()
        message.add(1, name)
        switch attribute {
        case .integer(let number):
            message.add(3, number)
            message.add(20, 2)
        case .integers(let numbers):
            for number in numbers { message.add(8, number) }
            message.add(20, 7)
        case .texts(let texts):
            for text in texts { message.add(9, text) }
            message.add(20, 8)
        }
        return message
    }

    // MARK: Inputs and constants

    /// Adds an input of one element for each row.
    mutating func input(_ name: String, _ element: Element, description: String) -> Value {
        graph.add(11, Self.tensorInfo(name, element, description))
        return Value(name: name)
    }

    /// Returns the description of a tensor; its dimension `N` is the number of rows.
    private static func tensorInfo(_ name: String, _ element: Element, _ description: String)
        -> ProtobufMessage
    {
        var (dimension, shape) = (ProtobufMessage(), ProtobufMessage())
        dimension.add(2, "N")
        shape.add(1, dimension)
        var (tensor, type, info) = (ProtobufMessage(), ProtobufMessage(), ProtobufMessage())
        tensor.add(1, element.rawValue)
        tensor.add(2, shape)
        type.add(1, tensor)
        info.add(1, name)
        info.add(2, type)
        info.add(3, description)
        return info
    }

    /// Adds a constant of doubles; a list unless dimensions are given.
    mutating func constant(_ numbers: [Double], _ dimensions: [Int]? = nil) -> Value {
        constant(numbers.map(\.bitPattern), .double, dimensions ?? [numbers.count])
    }

    /// Adds a constant of whole numbers; a list unless dimensions are given.
    mutating func constant(_ numbers: [Int], _ dimensions: [Int]? = nil) -> Value {
        constant(numbers.map { UInt64(bitPattern: Int64($0)) }, .int64, dimensions ?? [numbers.count])
    }

    /// Adds a constant of eight bytes for each element, the least significant first.
    private mutating func constant(_ words: [UInt64], _ element: Element, _ dimensions: [Int]) -> Value {
        let result = newValue()
        var tensor = ProtobufMessage()
        for dimension in dimensions { tensor.add(1, dimension) }
        tensor.add(2, element.rawValue)
        tensor.add(8, result.name)
        tensor.add(9, words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
        graph.add(5, tensor)
        return result
    }

    /// The message of the graph.
    var message: ProtobufMessage { graph }
}
