import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Blocks of any length, read by any number of threads, give what reading record after record gives.
@Suite struct EventStreamTests {
    /// A log that requests blocks of a length.
    private struct Sink: EventSink {
        var builder = EventLogBuilder(numberColumns: ["value": 2])
        let blockLength: Int
        var count: Int { builder.count }

        mutating func append(_ block: EventBlock, threads: Int) -> [(row: Int, error: EventRowError)] {
            builder.append(block, threads: threads)
        }
    }

    /// Lines with everything that a field may be, one in twenty of them bad.
    private static func csv(_ seed: UInt64, quotes: Bool, end: String) -> String {
        var random = TestRandom(seed: seed)
        func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: choices.indices, using: &random)] }
        var lines = ["user,time,event,value,plan,message_id,received_at"]
        for row in 0..<2_000 {
            let users = ["a", "b\(row % 90)", " c ", "caf\u{e9}", "NA", "NA_", ""]
            let quoted = [
                "\"a\"", "\"x,y\"", "\"say \"\"x\"\"\"", "\"two\(end)lines\"", "\"\"", "\"open", "\"a\"b",
            ]
            let isBad = Int.random(in: 0..<20, using: &random) == 0
            let odd = quotes ? quoted.dropLast(isBad ? 0 : 2) : ["5\" pipe"]
            var fields = [
                isBad ? pick(users) : "u\(row % 77)",
                pick(["2025-01-02", "2025-01-02T10:00:00Z", "2025-01-02 10:00:00.125+02:00", "1735800000"]),
                pick(["view", "buy", " view"]), pick(["", "1", "-2.50", "1e2", "0.005", "NaN"]),
                pick(["", "pro", "ünï", "\t"] + odd.filter { $0 != "\"open" }),
                pick(["", "m\(Int.random(in: 0..<4_000, using: &random))"]),
                pick(["", "2025-01-03T00:00:00Z"]),
            ]
            if isBad {
                let column = Int.random(in: 0..<8, using: &random)
                if column == 7 {
                    fields.append("more")
                } else {
                    fields[column] = pick(["x\u{1}", "", "2025-13-40"])
                }
            }
            lines.append(fields.joined(separator: ","))
            if row % 131 == 0 { lines.append("") }
        }
        return lines.joined(separator: end)
    }

    /// Reads record after record; the log, and the lines of the bad ones.
    private static func reference(_ path: String) throws -> (log: EventLog, bad: [Int]) {
        var records = RecordReader(try ByteSource(path: path), delimiter: .byte(44))
        var (builder, bad) = (EventLogBuilder(numberColumns: ["value": 2]), [Int]())
        _ = try records.next()
        while try records.next() {
            if let (event, resolution) = event(records) {
                try builder.append(event, resolution: resolution, addingColumns: true)
            } else {
                bad.append(records.line)
            }
        }
        return (builder.finish(keepsArrivals: true), bad)
    }

    private static func event(_ records: borrowing RecordReader) -> (Event, TimeResolution)? {
        guard records.problem == nil, records.fieldCount == 7 else { return nil }
        let fields = (0..<7).map { index in
            let text = records.text(index) ?? ""
            let trimmed = text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }
            let kept = String(trimmed.reversed())
            return kept == "NA" || kept == "NaN" ? "" : kept
        }
        guard !fields[0].isEmpty, !fields[2].isEmpty, let time = TimeParser().parse(fields[1]),
            fields[3].isEmpty || ExactDecimal(fields[3])?.units(decimals: 2) != nil
        else { return nil }
        let received = fields[6].isEmpty ? nil : TimeParser().parse(fields[6])
        guard fields[6].isEmpty || received != nil else { return nil }
        let given: VerbatimDictionary = ["value": fields[3], "plan": fields[4]]
        let properties = given.filter { !$0.value.isEmpty }
        let event = Event(
            user: fields[0], name: fields[2], time: time.timestamp,
            zoneOffsetMinutes: time.zoneOffsetMinutes, messageID: fields[5].isEmpty ? nil : fields[5],
            received: received?.timestamp, properties: properties)
        return (event, time.resolution)
    }

    @Test("blocks, threads and line ends make no difference", arguments: [false, true], ["\n", "\r\n"])
    func sameLog(quotes: Bool, end: String) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let folder = try TemporaryFolder()
            let path = try folder.write(Self.csv(seed, quotes: quotes, end: end), as: "log.csv")
            let expected = try Self.reference(path)
            #expect(expected.bad.count > 20 && expected.log.count > 1_000)
            for (length, threads) in [(64, 1), (1_000, 2), (30_000, 8), (1 << 22, 2)] {
                let rejects = folder.file("rejects-\(length)")
                let rejection = try RowRejection(limit: 1_000, keepingIn: rejects)
                var reader = EventLogReader(
                    schema: EventSchema(), amounts: ["value": 2], rejection: rejection)
                reader.threads = threads
                var sink = Sink(blockLength: length)
                try reader.read([path], into: &sink)
                let log = sink.builder.finish(keepsArrivals: true, threads: threads)
                #expect(log.differences(from: expected.log) == [])
                #expect(try Self.lines(of: rejects) == expected.bad)
            }
        }
    }

    private static func lines(of rejects: String) throws -> [Int] {
        var records = RecordReader(try ByteSource(path: rejects), delimiter: .byte(44))
        var lines: [Int] = []
        _ = try records.next()
        while try records.next() { lines.append(Int(records.text(1) ?? "") ?? 0) }
        return lines
    }

    @Test("a row that a full log refuses is named and kept as it stood", arguments: [100, 1 << 22])
    func refusedByTheLog(length: Int) throws {
        let folder = try TemporaryFolder()
        let names = (0...EventLogBuilder.eventNameLimit + 1).map { "u,2025-01-02,\"n\($0)\"" }
        let text = (["user,time,event"] + names + ["u,2025-01-02,n1"]).joined(separator: "\r\n")
        let path = try folder.write(text, as: "log.csv")
        let rejection = try RowRejection(limit: 9, keepingIn: folder.file("rejects"))
        var sink = Sink(blockLength: length)
        try EventLogReader(schema: EventSchema(), rejection: rejection).read([path], into: &sink)
        #expect(sink.count == EventLogBuilder.eventNameLimit + 1)
        let limit = EventLogBuilder.eventNameLimit
        #expect(try Self.lines(of: folder.file("rejects")) == [limit + 2, limit + 3])
        let rows = String(decoding: try folder.contents(folder.file("rejects")), as: UTF8.self)
        #expect(rows.contains("\"u,2025-01-02,\"\"n\(limit)\"\"\"\n"))
    }

    @Test("a quote that is never closed ends the reading where it opens", arguments: [50, 1 << 22])
    func openQuote(length: Int) throws {
        let folder = try TemporaryFolder()
        let rows = (0..<40).map { "u\($0),2025-01-02,\(($0 == 30 ? "\"" : ""))e\n" }.joined()
        let path = try folder.write("user,time,event\n" + rows, as: "log.csv")
        var sink = Sink(blockLength: length)
        let error = #expect(throws: InputError.self) {
            try EventLogReader(schema: EventSchema(), rejection: RowRejection()).read([path], into: &sink)
        }
        #expect(error?.place.line == 32)
        #expect(error?.problem == "a quote opens here and is never closed")
        #expect(sink.count == 30)
    }
}
