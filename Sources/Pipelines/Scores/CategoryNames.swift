package import LimpetEvents
package import LimpetFeatures
package import LimpetFiles

/// The texts of categories by key, for sentences.
package struct CategoryNames: Sendable {
    private var names: [TextKey: String] = [:]

    package init(_ log: EventLog, features: [Feature]) {
        for feature in features where feature.kind.isCategorical {
            for name in log.names(for: feature) { names[TextKey(name)] = name }
        }
    }

    package init(_ table: FlatTable) {
        for column in table.columns {
            guard case .texts(let dictionary, _) = column.values else { continue }
            for name in dictionary where dictionary.count <= 1_000 { names[TextKey(name)] = name }
        }
    }

    /// Returns the text of a key; nil where none is known.
    @Sendable package func name(_ key: TextKey) -> String? { names[key] }
}
