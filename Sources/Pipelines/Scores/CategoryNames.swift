package import LimpetEvents
package import LimpetFeatures
package import LimpetFiles
package import LimpetScoring
import LimpetDocuments

/// The texts of categories by key, for sentences.
package struct CategoryNames: Sendable {
    private var names: [TextKey: String] = [:]

    package init(_ log: EventLog, features: [Feature]) {
        for feature in features where feature.kind.isCategorical {
            for name in log.names(for: feature) { names[TextKey(name)] = name }
        }
    }

    package init(_ table: FlatTable, inputs: [Model.Input]) {
        for column in table.columns {
            guard case .texts(let dictionary, _) = column.values, dictionary.count <= 1_000 else { continue }
            let input = inputs.first { $0.name.isVerbatim(column.name) }
            for text in dictionary {
                let name = input?.level(of: text) ?? text
                names[TextKey(name)] = name
            }
        }
    }

    /// Returns the text of a key; nil where none is known.
    @Sendable package func name(_ key: TextKey) -> String? { names[key] }
}
