import LimpetDocuments
import LimpetNumerics
import LimpetEvents

/// The conversion of a record to an event, with an error that names the field and the problem.
struct EventRow: Sendable {
    let header: [String]
    let columns: EventColumns
    let schema: EventSchema
    private let missing: MissingTexts
    /// The properties to keep, with their columns.
    let kept: [(name: String, column: Int)]

    /// The name of the column of times; empty without one.
    var timeName: String { columns.time.map { header[$0] } ?? "" }

    init(
        header: [String], columns: EventColumns, schema: EventSchema, texts: VerbatimSet?,
        amounts: VerbatimDictionary<Int>
    ) {
        self.header = header
        self.columns = columns
        self.schema = schema
        missing = MissingTexts(schema.missing)
        let properties = columns.properties.filter { name, _ in
            texts.map { $0.contains(name) || amounts[name] != nil } ?? true
        }
        // The column of amounts is read under its own name too where that is asked for.
        let others = columns.aliases.keys.filter {
            columns.aliases[$0] == Event.valueProperty && (texts?.contains($0) == true || amounts[$0] != nil)
        }
        kept = properties + others.compactMap { name in columns.value.map { (name: name, column: $0) } }
    }

    func event(_ records: borrowing RecordReader, file: String) throws(InputError) -> (Event, TimeResolution)
    {
        try records.check()
        guard records.fieldCount == header.count else {
            throw InputError(
                InputPlace(file: file, line: records.line),
                "has \(records.fieldCount) fields, the header has \(header.count)")
        }
        let user = try required(columns.user, "a user's id", records, file)
        guard let time = columns.time else {
            var event = Event(user: user, name: schema.eventName, time: Event.fromStart)
            try addProperties(to: &event, records, file)
            return (event, .day)
        }
        let parsed = records.withField(time) { field in
            missing.contains(field.trimmed) ? nil : schema.times.parse(bytes: field.trimmed)
        }
        guard let parsed else {
            let found = records.text(time) ?? ""
            let meaning = schema.missing.contains(found.trimmed) ? ", which means missing" : ""
            throw InputError(
                InputPlace(file: file, line: records.line, field: header[time]),
                "found \(found.quoted)\(meaning), expected \(schema.timeExpectation)")
        }
        var event = Event(
            user: user, name: schema.eventName, time: parsed.timestamp,
            zoneOffsetMinutes: parsed.zoneOffsetMinutes)
        if let column = columns.event { event.name = try required(column, "an event's name", records, file) }
        if let column = columns.messageID { event.messageID = try text(column, records, file) }
        if let column = columns.received { event.received = try received(column, records, file) }
        try addProperties(to: &event, records, file)
        return (event, parsed.resolution)
    }

    private func addProperties(
        to event: inout Event, _ records: borrowing RecordReader, _ file: String
    ) throws(InputError) {
        for (name, column) in kept {
            guard let text = try text(column, records, file) else { continue }
            if column == columns.value, ExactDecimal(text) == nil {
                throw InputError(
                    InputPlace(file: file, line: records.line, field: header[column]),
                    "found \(text.quoted), expected a decimal number of at most 18 digits")
            }
            event.properties[name] = text
        }
    }

    private func received(
        _ column: Int, _ records: borrowing RecordReader, _ file: String
    ) throws(InputError) -> Timestamp? {
        guard let text = try text(column, records, file) else { return nil }
        if let parsed = schema.times.parse(text) { return parsed.timestamp }
        throw InputError(
            InputPlace(file: file, line: records.line, field: header[column]),
            "found \(text.quoted), expected \(schema.timeExpectation)")
    }

    private func required(
        _ column: Int, _ what: String, _ records: borrowing RecordReader, _ file: String
    ) throws(InputError) -> String {
        if let text = try text(column, records, file) { return text }
        throw InputError(
            InputPlace(file: file, line: records.line, field: header[column]), "is missing, expected \(what)")
    }

    /// Returns a field without surrounding spaces; nil when it stands for "missing".
    private func text(
        _ column: Int, _ records: borrowing RecordReader, _ file: String
    ) throws(InputError) -> String? {
        guard let text = records.text(column)?.trimmed else {
            throw InputError(
                InputPlace(file: file, line: records.line, field: header[column]), "is not valid UTF-8")
        }
        return text.isEmpty || schema.missing.contains(text) ? nil : text
    }
}
