import LimpetDocuments
import GRDB
import LimpetDecisions
import LimpetEvents
import LimpetScoring

extension Event {
    /// The properties as a JSON object of texts, in ascending order of their names.
    var propertiesText: String {
        let members = properties.sortedByKey
            .map { JSONMember(name: $0.key, value: .string($0.value)) }
        return JSON.object(members).compact
    }

    /// The name of the first field whose text SQLite would cut off; properties are JSON, which escapes the
    /// character.
    var fieldWithNull: String? {
        let fields = [("user", user), ("event", name), ("messageId", messageID ?? "")]
        return fields.first { $0.1.utf8.contains(0) }?.0
    }
}

extension StoredEvent {
    init(_ row: Row) throws(StorageError) {
        seq = row["seq"]
        receivedAt = Timestamp(milliseconds: row["received_ms"])
        var event = Event(
            user: row["user"], name: row["name"], time: Timestamp(milliseconds: row["time_ms"]),
            zoneOffsetMinutes: row["zone_offset_minutes"], messageID: row["message_id"])
        event.properties = try Self.properties(row["properties"], seq: seq)
        self.event = event
    }

    private static func properties(_ text: String, seq: Int64) throws(StorageError) -> VerbatimDictionary<
        String
    > {
        let json: JSON
        do {
            json = try JSONReader.read(Array(text.utf8)[...])
        } catch {
            throw .corrupted(table: "events", seq: seq, problem: "\(error)")
        }
        var properties: VerbatimDictionary<String> = [:]
        for member in json.members ?? [] { properties[member.name] = member.value.text }
        return properties
    }
}

extension StoredDecision {
    init(_ row: Row) {
        seq = row["seq"]
        user = row["user"]
        sequence = row["user_sequence"]
        let (offer, day): (String?, Int64?) = (row["offer"], row["show_day"])
        guard let offer, let day else {
            exposure = nil
            return
        }
        exposure = AttentionLedger.Exposure(
            offer: offer, time: Timestamp(milliseconds: row["now_ms"]),
            asOf: Timestamp(milliseconds: row["time_ms"]), day: day,
            isWithheld: row["outcome"] == "withheld")
    }
}
