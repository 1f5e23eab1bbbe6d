import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct ModelFilesTests {
    private let model = Model(
        kind: .logistic, source: .table(target: "left", positive: "yes"),
        inputs: [.init(name: "age", isCategorical: false)], intercept: -1.5,
        terms: [
            Term(
                input: 0, shape: .line(.init(transform: .identity, coefficient: 0.25, offset: -1)),
                missing: 0.5)
        ],
        calibrator: .none,
        training: TrainingSummary(
            rows: 10, users: 10, positives: 3, inputs: [.init(edges: [3], counts: [5, 5], missing: 0)],
            logOdds: .init(edges: [0], counts: [6, 4], missing: 0)),
        evaluation: .string("none"), provenance: .string("a test"))

    @Test("a model comes back")
    func aModelComesBack() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model.json")
        let hash = try ModelFile.write(model, to: path)
        let verified = try ModelFile.read(path)
        #expect(verified.hash == hash)
        #expect(verified.scorer.model == model)
        #expect(folder.names == ["model.json"])
    }

    @Test("a model may be packed")
    func aModelMayBePacked() throws {
        let folder = try TemporaryFolder()
        let hash = try ModelFile.write(model, to: folder.file("model.json.gz"))
        #expect(try ModelFile.read(folder.file("model.json.gz")).hash == hash)
    }

    @Test("any changed byte of the model is refused")
    func anyChangedByteOfTheModelIsRefused() throws {
        let folder = try TemporaryFolder()
        let (bytes, _) = ModelFile.encode(model)
        let start = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
        for place in start..<bytes.count - 1 {
            var changed = bytes
            changed[place] ^= 1
            let path = try folder.write(changed, as: "changed.json")
            let error = #expect(throws: InputError.self, "byte \(place)") { try ModelFile.read(path) }
            #expect(error?.place.file == path)
        }
    }

    @Test(
        "a file that is no model is refused",
        arguments: ["", "{", "[]", "{}", "not a model", "{\"sha256\": \"\", \"model\": {}}"])
    func aFileThatIsNoModelIsRefused(text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "model.json")
        let error = #expect(throws: InputError.self) { try ModelFile.read(path) }
        #expect(error?.description.hasPrefix("\(path): ") == true)
    }

    @Test("a model that is not there cannot be read")
    func aModelThatIsNotThereCannotBeRead() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { try ModelFile.read(folder.file("none.json")) }
        #expect(throws: FileError.self) { try ModelFile.write(model, to: folder.file("none/model.json")) }
    }
}
