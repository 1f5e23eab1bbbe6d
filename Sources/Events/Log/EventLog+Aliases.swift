public import LimpetDocuments
extension EventLog {
    /// Returns the amounts of a property, or of the one that the name is an alias of.
    public func amounts(of property: String) -> NumberColumn? {
        numbers[property] ?? aliases[property].flatMap { numbers[$0] }
    }

    /// Returns the texts of a property, or of the one that the name is an alias of; nil for the names of
    /// events, which are no column.
    public func texts(of property: String) -> TextColumn? {
        texts[property] ?? aliases[property].flatMap { texts[$0] }
    }

    /// Returns true for an alias of the events' names.
    public func isEventName(_ property: String) -> Bool {
        aliases[property] == Event.nameProperty && texts[property] == nil
    }

    /// Returns the log with aliases, whose columns are those of their properties: what was read under both
    /// names is kept once.
    package func with(aliases: VerbatimDictionary<String>) -> EventLog {
        var log = self
        for (name, property) in aliases {
            if property == Event.nameProperty {
                // A column of this name that holds texts is a property of its own.
                guard log.texts[name].map({ $0.dictionary.count == 1 }) ?? true else { continue }
                log.texts[name] = nil
            }
            log.aliases[name] = property
            if let other = log.numbers[property], let own = log.numbers[name], own.isSame(as: other) {
                log.numbers[name] = other
            }
            if let other = log.texts[property], let own = log.texts[name], own.isSame(as: other) {
                log.texts[name] = other
            }
        }
        return log
    }
}

extension NumberColumn {
    fileprivate func isSame(as other: NumberColumn) -> Bool {
        decimals == other.decimals && units == other.units
    }
}

extension TextColumn {
    fileprivate func isSame(as other: TextColumn) -> Bool {
        codes == other.codes && dictionary.count == other.dictionary.count
            && zip(dictionary, other.dictionary).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
}
