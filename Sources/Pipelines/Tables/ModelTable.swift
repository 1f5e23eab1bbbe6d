import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures
package import LimpetFiles
package import LimpetScoring

/// The columns of a flat table as a model's inputs.
package struct ModelTable {
    package let numbers: [[Double]]
    package let keys: [[UInt64]]
    package let rowCount: Int

    /// Finds the model's inputs in a table by name.
    ///
    /// - Throws: `InputError` when a column is missing, or holds texts where the model wants numbers.
    package init(_ table: FlatTable, model: Model) throws(InputError) {
        var numbers: [[Double]] = []
        var keys: [[UInt64]] = []
        for input in model.inputs {
            let column = try table.column(input.name, flag: "the model's inputs")
            switch column.values {
            case .numbers(let values) where !input.isCategorical:
                numbers.append(values)
                keys.append([])
            case .texts(let dictionary, let codes) where input.isCategorical:
                let keyOfCode = dictionary.map { TextKey(input.level(of: $0)).rawValue }
                numbers.append([])
                keys.append(codes.map { keyOfCode[Int($0)] })
            case .texts(let dictionary, let codes):
                // An empty column reads as numbers; one with texts cannot be this input.
                let isText = dictionary.map { !$0.isEmpty && Double($0) == nil }
                let row = codes.firstIndex { isText[Int($0)] } ?? 0
                throw InputError(
                    InputPlace(file: table.file, line: Int(table.lines[row]), field: input.name),
                    "found \(dictionary[Int(codes[row])].quoted), the model expects numbers here")
            case .numbers:
                throw InputError(
                    InputPlace(file: table.file, field: input.name), "the model expects texts here")
            }
        }
        self.numbers = numbers
        self.keys = keys
        rowCount = table.count
    }

    package func vector(row: Int) -> FeatureVector {
        var vector = FeatureVector(count: numbers.count)
        for index in numbers.indices {
            if numbers[index].isEmpty {
                vector.categories[index] = TextKey(stored: keys[index][row])
            } else {
                vector.numbers[index] = numbers[index][row]
            }
        }
        return vector
    }
}
