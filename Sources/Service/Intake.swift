import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// A parser of request bodies into events, which rejects invalid ones with an error.
struct Intake: Sendable {
    let amountProperties: [(name: String, decimals: Int)]
    /// The maximum time by which an event may be ahead of the clock.
    let tolerance: TimeSpan
    /// The earliest plausible time of an event.
    let earliest: Timestamp
    let zone: @Sendable (String) -> TimeZoneRules?
    private let timeParser = TimeParser()

    init(
        plan: FeaturePlan, tolerance: TimeSpan, earliest: Timestamp,
        zone: @escaping @Sendable (String) -> TimeZoneRules?
    ) {
        self.earliest = earliest
        amountProperties = plan.amountProperties
        self.tolerance = tolerance
        self.zone = zone
    }

    /// Reads one message; `kind` is the kind that the path of the request names.
    func event(_ json: JSON, as kind: SegmentMessage.Kind?, now: Timestamp) throws(ServiceError) -> Event {
        let event: Event
        do {
            event = try SegmentMessage.event(
                json, as: kind, receivedAt: now, timeParser: timeParser, zone: zone)
        } catch {
            throw .invalid(error.problem, field: error.field.isEmpty ? nil : error.field)
        }
        guard event.time <= now + tolerance else {
            throw .invalid("\(event.time) lies in the future; here it is \(now)", field: "timestamp")
        }
        guard event.time >= earliest else {
            throw .invalid(
                "\(event.time) lies before \(earliest); is its unit another one?", field: "timestamp")
        }
        try checkAmounts(of: event)
        return event
    }

    /// Reads the messages of `{"batch": [..]}`; one invalid message refuses all.
    func events(inBatch json: JSON, now: Timestamp) throws(ServiceError) -> [Event] {
        let messages: [SegmentMessage.Batched]
        do { messages = try SegmentMessage.batch(json) ?? [] } catch {
            throw .invalid(error.problem, field: error.field)
        }
        guard json["batch"] != nil else { throw .invalid("expected a list of messages", field: "batch") }
        var events: [Event] = []
        events.reserveCapacity(messages.count)
        for message in messages {
            do {
                events.append(try event(message.json, as: nil, now: now))
            } catch {
                let place = message.place
                throw .invalid(error.message, field: error.field.map { "\(place).\($0)" } ?? place)
            }
        }
        return events
    }

    /// Refuses texts where the model reads an amount: they would be missing in the live state and refused by
    /// a batch run.
    private func checkAmounts(of event: Event) throws(ServiceError) {
        for (name, decimals) in amountProperties {
            guard let text = event.properties[name], !text.isEmpty else { continue }
            guard ExactDecimal(text)?.units(decimals: decimals) == nil else { continue }
            let error = EventRowError.notAnAmount(property: name, text: text, decimals: decimals)
            throw .invalid("\(error)", field: "properties.\(name)")
        }
    }
}
