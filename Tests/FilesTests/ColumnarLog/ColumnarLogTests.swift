import LimpetDocuments
import LimpetNumerics
import Foundation
import LimpetEvents
import LimpetTestSupport
import Testing

import LimpetFiles

@Suite struct ColumnarLogTests {
    /// A CSV of random events: users of all lengths, equal times, offsets, sparse properties, repeated ids.
    private static func csv(seed: UInt64, rows: Int) -> String {
        var random = RandomGenerator(seed: seed)
        func pick(_ below: Int) -> Int { Int(random.next() % UInt64(below)) }
        var lines = ["user,time,event,value,plan,session,message_id,received_at"]
        let names = ["view", "buy", "Buy", "café", "cafe\u{301}", "a,b", "say \"x\""]
        for row in 0..<rows {
            // A tenth of the rows belong to one user, so that users go over the borders of blocks.
            let user = pick(10) == 0 ? "big" : "user\(pick(max(2, rows / 20)))"
            let offset = ["Z", "+01:00", "-09:30", ""][pick(4)]
            let time = Timestamp(milliseconds: 1_600_000_000_000 + Int64(pick(1 << 22)) * 1_000)
            let moment = time.description.prefix(19) + offset
            let value = pick(3) == 0 ? "" : "\(pick(9_999) - 500).\(pick(10))"
            let plan = pick(4) == 0 ? "" : ["free", "pro", "ünï"][pick(3)]
            let name = names[pick(names.count)].replacing("\"", with: "\"\"")
            let session = pick(50) == 0 ? "s\(row)" : ""
            let id = "m\(pick(rows * 20))"
            // Some rows do not say when they came in, and some came in before their own time.
            let delay = TimeSpan(milliseconds: Int64(pick(1 << 26)) - 1_000)
            let received = pick(3) == 0 ? "" : (time + delay).description
            lines.append("\(user),\(moment),\"\(name)\",\(value),\(plan),\(session),\(id),\(received)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func reader(_ amounts: VerbatimDictionary<Int> = [:], texts: VerbatimSet? = nil) throws
        -> EventLogReader
    {
        var reader = EventLogReader(
            schema: EventSchema(now: nil), amounts: amounts, texts: texts,
            rejection: try RowRejection(limit: 0, keepingIn: nil))
        reader.keepsArrivals = true
        return reader
    }

    private static func importing(_ csv: String, to log: String, memory: Int) throws -> Int {
        var writer = ColumnarLogWriter(path: log, memory: memory)
        try reader().read([csv], into: &writer)
        let runs = writer.runCount
        _ = try writer.finish()
        return runs
    }

    @Test("a columnar log gives the log of the events themselves", arguments: [1, 7, 1_000, 90_000])
    func sameLog(rows: Int) throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(seed: UInt64(rows), rows: rows), as: "log.csv")
        let log = folder.file("log.limpetlog")
        _ = try Self.importing(csv, to: log, memory: 1 << 30)
        let differences = try Self.reader().read([log]).differences(
            from: Self.reader().read([csv]), comparesCodes: false)
        #expect(differences == [])
        let amounts: VerbatimDictionary = ["value": 2, "absent": 1]
        let more = try Self.reader(amounts, texts: ["plan", "nowhere"])
        let moreDifferences = try more.read([log]).differences(
            from: more.read([csv]), comparesCodes: false)
        #expect(moreDifferences == [])
    }

    @Test("a file of version 1, which knew of no receipts, is read")
    func firstVersion() throws {
        let file = """
            TElNUEVUTEcBAAAAAAAAAAQCAWECAWICBhgAAHwpH5QBAAAcAAAAoI/LpAAAAADoS3ELAAAAAAAAAAAAAQULAAAAAAAAAAAA
            Ai0SAACA////////EAAAAAAAADyACwAAAAAAAAAAAAJYCwAAAAAAAAAAAAJIAgNidXkFdmlzaXQCBHBsYW4CA3BybwXDvG7D
            rwV2YWx1ZQIFMTIuNTACLTMBEGUE6p61zgAAAAACAAABAHwpH5QBAAD6NHYplAEAAHUAAAAAAAAATAAAAAAAAAC+jPEjAAAA
            AExJTVBFVExH
            """
        let bytes = try #require(Data(base64Encoded: file, options: .ignoreUnknownCharacters))
        let folder = try TemporaryFolder()
        let old = try folder.write(bytes, as: "log")
        let csv = try folder.write(
            """
            user,time,event,value,plan
            b,2025-01-02T10:00:00+01:00,buy,12.50,pro
            a,2025-01-01,visit,,
            b,2025-01-01,visit,,pro
            a,2025-01-03T00:00:00.250Z,buy,-3,ünï

            """, as: "log.csv")
        let log = try Self.reader(["value": 2], texts: ["plan"]).read([old])
        let expected = try Self.reader(["value": 2], texts: ["plan"]).read([csv])
        #expect(log.differences(from: expected) == [])
        #expect(log.received == nil && log.count == 4)
    }

    @Test("the file does not depend on how much memory there was")
    func sameBytes() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(seed: 3, rows: 90_000), as: "log.csv")
        #expect(try Self.importing(csv, to: folder.file("a"), memory: 1 << 30) == 0)
        #expect(try Self.importing(csv, to: folder.file("b"), memory: 2 << 20) > 2)
        #expect(try Self.importing(csv, to: folder.file("c"), memory: 1) > 10)
        let bytes = try folder.contents(folder.file("a"))
        #expect(try folder.contents(folder.file("b")) == bytes)
        #expect(try folder.contents(folder.file("c")) == bytes)
        // Nothing lies beside the files: runs have no names.
        #expect(folder.names == ["a", "b", "c", "log.csv"])
    }

    @Test("chunks hold whole users, and together all rows", arguments: [1, 500, 70_000])
    func chunks(rows: Int) throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(seed: 5, rows: 80_000), as: "log.csv")
        _ = try Self.importing(csv, to: folder.file("log"), memory: 1 << 30)
        let whole = try Self.reader(["value": 2], texts: ["plan"]).read([csv])
        var users: [String] = []
        var times: [Int64] = []
        var units: [Int64] = []
        var starts = [0]
        let log = try ColumnarLog(path: folder.file("log"))
        var reader = try log.partitions(rows: rows, amounts: ["value": 2], texts: ["plan"], threads: 2)
        while let chunk = try reader.next() {
            starts.append(reader.rowsDone)
            users += chunk.users
            times += chunk.times
            units += chunk.numbers["value"]?.units ?? []
            #expect(chunk.userStarts.last == chunk.count)
        }
        let chunks = starts.count - 1
        // A reader that begins at the end of any chunk reads the rest.
        for start in Set([starts[1], starts[starts.count / 2], starts[starts.count - 2]]) {
            var rest = try log.partitions(rows: rows, from: start, texts: [])
            var some: [Int64] = []
            while let chunk = try rest.next() { some += chunk.times }
            #expect(some == Array(times[start...]))
        }
        #expect(users == whole.users)
        #expect(times == whole.times)
        #expect(units == whole.numbers["value"]?.units)
        #expect(rows > 60_000 ? chunks <= 2 : chunks >= 2)
    }

    @Test("every mutant of a small file loads as a valid log or is refused by name")
    func mutants() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(seed: 11, rows: 60), as: "log.csv")
        _ = try Self.importing(csv, to: folder.file("log"), memory: 1 << 30)
        let bytes = try folder.contents(folder.file("log"))
        let ids = try ColumnarLog(path: folder.file("log")).read(keepsMessageIDs: true).messages.count
        #expect(ids > 0)
        let setting = ProcessInfo.processInfo.environment["LIMPET_MUTANTS"]
        let count = setting.flatMap { Int($0) } ?? 20_000
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = RandomGenerator(seed: seed)
        var (loaded, refused) = (0, 0)
        for _ in 0..<count {
            let mutant = Self.mutant(of: bytes, ids: ids, &random)
            let path = try folder.write(mutant, as: "mutant")
            do {
                let log = try ColumnarLog(path: path).read(keepsMessageIDs: true, keepsArrivals: true)
                #expect(log.userStarts.last == log.count && log.users.count + 1 == log.userStarts.count)
                loaded += 1
            } catch let error as InputError {
                #expect(error.place.file == path, "seed \(seed)")
                refused += 1
            } catch is FileError {
                refused += 1
            }
        }
        #expect(loaded + refused == count)
        // Checksums are recomputed in most mutants: the checks after them must have had their turn.
        #expect(refused > count / 2, "seed \(seed)")
    }

    /// A copy with a few bytes changed, cut or doubled; in four of five the checksums are recomputed, so that
    /// the checks after them are reached.
    private static func mutant(of bytes: [UInt8], ids: Int, _ random: inout RandomGenerator) -> [UInt8] {
        func pick(_ below: Int) -> Int { Int(random.next() % UInt64(max(1, below))) }
        var mutant = bytes
        for _ in 0...pick(3) {
            let place = pick(mutant.count)
            switch pick(5) {
            case 0: mutant[place] = UInt8(pick(256))
            case 1: mutant[place] ^= 1 << UInt8(pick(8))
            case 2: mutant[place] = [0, 0x7f, 0x80, 0xff][pick(4)]
            case 3 where pick(8) == 0: mutant.removeSubrange(place..<min(mutant.count, place + 1 + pick(9)))
            case 4 where pick(8) == 0: mutant.insert(UInt8(pick(256)), at: place)
            default: mutant[place] &+= 1
            }
        }
        return pick(5) == 0 ? mutant : withChecksums(mutant, original: bytes, ids: ids)
    }

    /// The bytes with the checksums of the message ids, of the one block and of the footer computed anew
    /// where the file has its old length.
    private static func withChecksums(_ mutant: [UInt8], original: [UInt8], ids: Int) -> [UInt8] {
        guard mutant.count == original.count else { return mutant }
        var bytes = mutant
        let tail = bytes.count - ColumnarLogFormat.tailLength
        func number(_ place: Int) -> Int {
            (0..<8).reduce(0) { $0 | Int(original[place + $1]) << (8 * $1) }
        }
        func put(_ sum: UInt64, at place: Int) {
            for index in 0..<8 { bytes[place + index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index)) }
        }
        let footer = number(tail)
        let block = ColumnarLogFormat.headerLength + 16 * ids
        for part in [ColumnarLogFormat.headerLength..<block, block..<footer] {
            let oldSum = checksum(Array(original[part]))
            let pattern = (0..<8).map { UInt8(truncatingIfNeeded: oldSum >> UInt64(8 * $0)) }
            if let place = (footer..<tail - 8).first(where: { Array(original[$0..<$0 + 8]) == pattern }) {
                put(checksum(Array(bytes[part])), at: place)
            }
        }
        put(checksum(Array(bytes[footer..<tail])), at: tail + 16)
        return bytes
    }

    @Test("whole numbers of all sizes come back", arguments: 0..<60)
    func packing(round: Int) throws {
        var random = RandomGenerator(seed: UInt64(round))
        let bits = UInt64(round % 65)
        let mask = bits == 64 ? UInt64.max : (1 << bits) - 1
        var numbers = (0..<(round * 97 % 3_000)).map { _ in Int64(bitPattern: random.next() & mask) }
        if round % 3 == 0 { numbers.sort() }
        if round % 7 == 0 { numbers += [Int64.min, Int64.max, 0, -1] }
        let bytes = PackedIntegers.pack(numbers)
        var reader = LogBytesReader(bytes, origin: 0)
        #expect(try PackedIntegers.unpack(&reader, count: numbers.count) == numbers)
    }

    @Test("what cannot go together is refused by name")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(seed: 2, rows: 50), as: "log.csv")
        let log = folder.file("log.limpetlog")
        _ = try Self.importing(csv, to: log, memory: 1 << 30)
        #expect(throws: InputError.self) { try Self.reader().read([log, csv]) }
        let amount = #expect(throws: InputError.self) { try Self.reader(["plan": 2]).read([log]) }
        #expect(amount?.description.contains("plan is") == true)
        var cut = try folder.contents(folder.file("log.limpetlog"))
        cut.removeLast(9)
        let short = try folder.write(cut, as: "short")
        let damage = #expect(throws: InputError.self) { try Self.reader().read([short]) }
        #expect(damage?.description.contains("cut short") == true)
        var newer = try folder.contents(folder.file("log.limpetlog"))
        newer[8] = 9
        let next = try folder.write(newer, as: "newer")
        let version = #expect(throws: InputError.self) { try Self.reader().read([next]) }
        #expect(version?.description.contains("version 9") == true)
    }
}
