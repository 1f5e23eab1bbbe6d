public import LimpetDocuments
import LimpetNumerics
public import LimpetEvents

extension EventLog {
    /// Returns a row as an event, with the log's text columns as properties, and its number columns where
    /// there is no text.
    public func event(ofRow row: Int, user: String) -> Event {
        var properties: VerbatimDictionary<String> = [:]
        for (name, column) in numbers where column.units[row] != NumberColumn.missing {
            properties[name] = ExactDecimal.text(units: column.units[row], decimals: column.decimals)
        }
        for (name, column) in texts where column.codes[row] != 0 {
            properties[name] = column.dictionary[Int(column.codes[row])]
        }
        for (name, property) in aliases where properties[name] == nil {
            properties[name] = isEventName(name) ? eventNames[Int(events[row])] : properties[property]
        }
        let offset = zoneOffsets.map { $0[row] } ?? EventLog.noZoneOffset
        return Event(
            user: user, name: eventNames[Int(events[row])], time: Timestamp(milliseconds: times[row]),
            zoneOffsetMinutes: offset == EventLog.noZoneOffset ? nil : Int(offset),
            received: received.map { Timestamp(milliseconds: $0[row]) }, properties: properties)
    }

    /// Returns a user's events in the order of arrival, or of time when the log does not know it.
    public func events(ofUser user: Int) -> [Event] {
        var rows = Array(rows(ofUser: user))
        if let arrivals { rows.sort { arrivals[$0] < arrivals[$1] } }
        return rows.map { event(ofRow: $0, user: users[user]) }
    }
}
