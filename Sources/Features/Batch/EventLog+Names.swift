import LimpetDocuments
public import LimpetEvents

extension EventLog {
    /// Returns the texts that a categorical feature of this log can have.
    public func names(for feature: Feature) -> [String] {
        guard let property = feature.property, property != Feature.eventNameProperty,
            !isEventName(property)
        else {
            return eventNames
        }
        return Array(texts(of: property)?.dictionary.dropFirst() ?? [])
    }
}
