import Foundation
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct ModelRegistryTests {
    private static let noon = Timestamp(milliseconds: 1_750_000_000_000)

    @Test("versions count up, the same bytes are added once, and aliases go back step by step")
    func history() throws {
        let folder = try TemporaryFolder()
        let registry = ModelRegistry(folder: folder.file("models"))
        #expect(registry.names() == [])
        #expect(try registry.add([1], name: "shop") == (1, true))
        #expect(try registry.add([2], name: "shop") == (2, true))
        #expect(try registry.add([1], name: "shop") == (1, false))
        #expect(try registry.add([3], name: "shop") == (3, true))
        #expect(registry.versions(of: "shop") == [1, 2, 3] && registry.names() == ["shop"])
        for version in [1, 2, 3] {
            let before = try registry.promote(
                "shop", version: version, to: "champion", at: Self.noon, reason: "better \"by\" 1 %\n")
            #expect(before == (version == 1 ? nil : version - 1))
        }
        #expect(try registry.promote("shop", version: 3, to: "champion", at: Self.noon, reason: "") == 3)
        #expect(try registry.version(of: "shop", "champion") == 3)
        #expect(try registry.rollBack("shop", alias: "champion", at: Self.noon, reason: "").version == 2)
        #expect(try registry.rollBack("shop", alias: "champion", at: Self.noon, reason: "").version == 1)
        #expect(throws: InputError.self) {
            try registry.rollBack("shop", alias: "champion", at: Self.noon, reason: "")
        }
        // After a rollback a promotion goes on from there.
        #expect(try registry.promote("shop", version: 3, to: "champion", at: Self.noon, reason: "") == 1)
        #expect(try registry.rollBack("shop", alias: "champion", at: Self.noon, reason: "").version == 1)
        let ledger = try registry.ledger(of: "shop")
        #expect(ledger.changes.map(\.version) == [1, 2, 3, 2, 1, 3, 1])
        #expect(ledger.changes.map(\.isRollback) == [false, false, false, true, true, false, true])
        #expect(ledger.changes[0].reason == "better \"by\" 1 %\n" && ledger.changes[0].time == Self.noon)
    }

    @Test("promotions at the same time are all kept")
    func concurrent() async throws {
        let folder = try TemporaryFolder()
        let registry = ModelRegistry(folder: folder.file("models"))
        for number in 1...8 { _ = try registry.add([UInt8(number)], name: "shop") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...8 {
                group.addTask {
                    for _ in 0..<20 {
                        _ = try registry.promote(
                            "shop", version: number, to: "alias-\(number)", at: Self.noon, reason: "")
                        _ = try registry.promote(
                            "shop", version: number % 8 + 1, to: "alias-\(number)", at: Self.noon, reason: "")
                    }
                    // Additions too: none may overwrite another.
                    _ = try registry.add([100, UInt8(number)], name: "shop")
                }
            }
            try await group.waitForAll()
        }
        let ledger = try registry.ledger(of: "shop")
        #expect(ledger.changes.count == 8 * 40)
        for number in 1...8 { #expect(ledger.version(of: "alias-\(number)") == number % 8 + 1) }
        #expect(registry.versions(of: "shop") == Array(1...16))
    }

    @Test("a file that was left half written is nobody's version")
    func leftovers() throws {
        let folder = try TemporaryFolder()
        let registry = ModelRegistry(folder: folder.path)
        _ = try registry.add([1], name: "shop")
        for name in ["2.json.77.partial", "02.json", "x.json", "0.json", "-3.json", ".lock"] {
            try Data([9]).write(to: URL(fileURLWithPath: folder.file("shop/\(name)")))
        }
        #expect(registry.versions(of: "shop") == [1])
        #expect(try registry.add([5], name: "shop").version == 2)
    }

    @Test("what is not there is named with what is")
    func missing() throws {
        let folder = try TemporaryFolder()
        let registry = ModelRegistry(folder: folder.path)
        _ = try registry.add([1], name: "shop")
        _ = try registry.promote("shop", version: 1, to: "champion", at: Self.noon, reason: "")
        for (selector, message) in [("2", "there are 1"), ("challenger", "there are champion")] {
            let error = #expect(throws: InputError.self) { try registry.version(of: "shop", selector) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
        let other = #expect(throws: InputError.self) { try registry.version(of: "bank", "1") }
        #expect(other?.description.contains("there are shop") == true)
        try FileManager.default.removeItem(atPath: registry.path(of: "shop", version: 1))
        _ = try registry.add([2], name: "shop")
        try FileManager.default.moveItem(
            atPath: registry.path(of: "shop", version: 1), toPath: registry.path(of: "shop", version: 7))
        let gone = #expect(throws: InputError.self) { try registry.version(of: "shop", "champion") }
        #expect(gone?.description.contains("is missing") == true)
    }

    @Test(
        "a damaged list of aliases is refused by place",
        arguments: [
            "", "{", "[]", "{\"version\": 2, \"aliases\": {}, \"changes\": []}",
            "{\"version\": 1, \"aliases\": {\"champion\": []}, \"changes\": []}",
            "{\"version\": 1, \"aliases\": {\"champion\": [0]}, \"changes\": []}",
            "{\"version\": 1, \"aliases\": {\"7\": [1]}, \"changes\": []}",
            "{\"version\": 1, \"aliases\": {\"../x\": [1]}, \"changes\": []}",
            "{\"version\": 1, \"aliases\": {}, \"changes\": [{\"time\": \"soon\"}]}",
            "{\"version\": 1, \"aliases\": {}, \"changes\": [], \"more\": 1}",
        ])
    func damaged(_ text: String) throws {
        let folder = try TemporaryFolder()
        let registry = ModelRegistry(folder: folder.path)
        _ = try registry.add([1], name: "shop")
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("shop/aliases.json")))
        let error = #expect(throws: InputError.self) { try registry.ledger(of: "shop") }
        #expect(error?.description.contains("shop/aliases.json") == true)
        // Nor is it overwritten.
        #expect(throws: InputError.self) {
            try registry.promote("shop", version: 1, to: "champion", at: Self.noon, reason: "")
        }
        #expect(try folder.text(folder.file("shop/aliases.json")) == text)
    }

    @Test("references are told from files")
    func references() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("x", as: "a@b")
        #expect(ModelReference(file) == .file(file))
        #expect(ModelReference("model.json") == .file("model.json"))
        #expect(ModelReference("a/b@c/d") == .file("a/b@c/d"))
        #expect(ModelReference("x/..@1") == .file("x/..@1"))
        let expected = ModelReference.RegisteredModel(
            registry: "some/where", name: "shop", selector: "champion")
        #expect(ModelReference("some/where/shop@champion") == .registered(expected))
        for name in ["", ".x", "a/b", "ä", "a b", String(repeating: "a", count: 101)] {
            #expect(!ModelRegistry.isName(name))
        }
    }
}
