import LimpetEvents

extension EventLog {
    /// Returns a row as an event, with the properties that the log holds.
    func event(atRow row: Int, user: String) -> Event {
        var event = Event(
            user: user, name: eventNames[Int(events[row])], time: Timestamp(milliseconds: times[row]))
        if let offset = zoneOffsets?[row], offset != Self.noZoneOffset {
            event.zoneOffsetMinutes = Int(offset)
        }
        for (name, column) in texts {
            let text = column.dictionary[Int(column.codes[row])]
            if !text.isEmpty { event.properties[name] = text }
        }
        // A property that is both an amount and a text keeps its text, since categories are compared as text.
        for (name, column) in numbers
        where column.units[row] != NumberColumn.missing && event.properties[name] == nil {
            event.properties[name] = Self.decimalText(column.units[row], decimals: column.decimals)
        }
        return event
    }

    /// Returns units of `10^−decimals` as a decimal number, e.g. 1250 and 2 as `12.50`.
    static func decimalText(_ units: Int64, decimals: Int) -> String {
        guard decimals > 0 else { return String(units) }
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return (units < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
