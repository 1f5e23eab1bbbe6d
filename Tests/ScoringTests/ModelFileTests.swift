import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct ModelFileTests {
    private let amsterdam: TimeZoneRules

    init() throws { amsterdam = try TestZones.amsterdam() }

    private func decode(_ bytes: [UInt8]) throws(ModelFileError) -> ModelFile.Verified {
        try ModelFile.decode(bytes, zone: { $0 == amsterdam.name ? amsterdam : $0 == "UTC" ? .utc : nil })
    }

    @Test("a model of histories is read as it was written")
    func logModel() throws {
        let model = try TestModels.logWithHistories(zone: amsterdam)
        let file = ModelFile.encode(model)
        let verified = try decode(file.bytes)
        #expect(verified.scorer.model == model)
        #expect(verified.hash == file.hash)
        #expect(verified.zone == amsterdam)
        #expect(ModelFile.encode(verified.scorer.model).bytes == file.bytes)
        #expect(model.golden.histories.count == 4 && model.golden.rows.count == 5)
    }

    @Test("a model of a table is read as it was written")
    func tableModel() throws {
        let file = ModelFile.encode(TestModels.table())
        let verified = try ModelFile.decode(file.bytes)
        #expect(verified.scorer.model == TestModels.table())
        #expect(verified.zone == .utc)
        #expect(try verified.scorer.model.plan(zone: .utc) == nil)
    }

    @Test("the hash is of the bytes of the model as they stand")
    func hash() throws {
        let file = ModelFile.encode(TestModels.table())
        let text = String(decoding: file.bytes, as: UTF8.self)
        #expect(text.hasPrefix("{\"sha256\": \"\(file.hash)\",\n\"model\": {\n") && text.hasSuffix("}}\n"))
        let body = file.bytes[(11 + 1 + 64 + 1 + 1 + 1 + 9)..<(file.bytes.count - 2)]
        #expect(SHA256.hexadecimal(body) == file.hash)
    }

    @Test("numbers that are hard to write keep their bits")
    func bits() throws {
        var model = TestModels.table()
        model.golden.rows = []
        for value in [.leastNonzeroMagnitude, -0.0, 0.1, 1e22, .greatestFiniteMagnitude, 1.0 / 3] {
            model.intercept = value
            let read = try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model
            #expect(read.intercept.bitPattern == value.bitPattern)
        }
    }

    @Test(
        "every single changed byte is refused",
        arguments: [0x01, 0x02, 0x07, 0x10, 0x20, 0x2a, 0x80, 0xff] as [UInt8])
    func changedBytes(pattern: UInt8) throws {
        let bytes = ModelFile.encode(TestModels.table()).bytes
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= pattern
            #expect(throws: ModelFileError.self, "byte \(index) is \(changed[index])") {
                try ModelFile.decode(changed)
            }
        }
    }

    @Test("in front of the model, every value of every byte but its own is refused")
    func frame() throws {
        let bytes = ModelFile.encode(TestModels.table()).bytes
        for index in Array(0..<90) + [bytes.count - 2, bytes.count - 1] {
            for value in UInt8.min...UInt8.max where value != bytes[index] {
                var changed = bytes
                changed[index] = value
                #expect(throws: ModelFileError.self, "byte \(index) is \(value)") {
                    try ModelFile.decode(changed)
                }
            }
        }
    }

    @Test("every truncation is refused, and so is anything after the end")
    func truncations() throws {
        let bytes = ModelFile.encode(TestModels.table()).bytes
        for length in 0..<bytes.count {
            #expect(throws: ModelFileError.self, "\(length) bytes") {
                try ModelFile.decode(Array(bytes.prefix(length)))
            }
        }
        for tail in [" ", "\n", "x", "{}"] {
            #expect(throws: ModelFileError.self) { try ModelFile.decode(bytes + Array(tail.utf8)) }
        }
    }

    @Test(
        "JSON that is no model file is refused",
        arguments: [
            "{}", "[]", "null", "{\"sha256\": \"x\"}", "{\"model\": {}}", "{\"sha256\": 1, \"model\": {}}",
            "{\"sha256\": \"\", \"model\": {}, \"more\": 1}", "", "\u{feff}{}",
        ])
    func notAModel(text: String) {
        #expect(throws: ModelFileError.self) { try ModelFile.decode(Array(text.utf8)) }
    }

    @Test("a changed model names both hashes")
    func changed() throws {
        let bytes = ModelFile.encode(TestModels.table()).bytes
        let place = try #require(bytes.lastIndex(of: UInt8(ascii: "7")))
        var other = bytes
        other[place] = UInt8(ascii: "8")
        let error = #expect(throws: ModelFileError.self) { try ModelFile.decode(other) }
        guard case .changed(let stated, let actual) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(stated == ModelFile.encode(TestModels.table()).hash && actual.count == 64 && actual != stated)
        #expect(error?.description.contains("was changed after it was written") == true)
    }

    @Test("a golden row with another result is refused")
    func goldenRows() throws {
        var model = TestModels.table()
        let right = model.golden.rows[2].logOdds
        model.golden.rows[2].logOdds = right.nextUp
        #expect(
            throws: ModelFileError.goldenDiffers(
                what: "row", index: 2, expected: right.nextUp, computed: right)
        ) {
            try ModelFile.decode(ModelFile.encode(model).bytes)
        }
        model.golden.rows[2].logOdds = right
        model.golden.rows[2].probability = model.golden.rows[2].probability.nextDown
        #expect(throws: ModelFileError.self) { try ModelFile.decode(ModelFile.encode(model).bytes) }
    }

    @Test("a golden history with another result is refused, e.g. in another zone's days")
    func goldenHistories() throws {
        var model = try TestModels.logWithHistories(zone: amsterdam)
        let right = model.golden.histories[3].logOdds
        model.golden.histories[3].logOdds = right.nextDown
        #expect(
            throws: ModelFileError.goldenDiffers(
                what: "history", index: 3, expected: right.nextDown, computed: right)
        ) {
            try decode(ModelFile.encode(model).bytes)
        }
        model.golden.histories[3].logOdds = right
        model.golden.histories[3].events[0].properties["value"] = "12.51"
        #expect(throws: Never.self) { try decode(ModelFile.encode(model).bytes) }
        model.golden.histories[3].events[0].properties["value"] = "1.00"
        #expect(throws: ModelFileError.self) { try decode(ModelFile.encode(model).bytes) }
    }

    @Test("a time zone that is not known here is named")
    func unknownZone() throws {
        let bytes = ModelFile.encode(TestModels.log()).bytes
        #expect(throws: ModelFileError.unknownTimeZone("Europe/Amsterdam")) { try ModelFile.decode(bytes) }
    }
}
