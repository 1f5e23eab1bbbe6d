import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct ByteSourceTests {
    private func read(_ path: String, limit: Int = 1 << 26) throws -> [UInt8] {
        try ByteSource(path: path).readAll(limit: limit)
    }

    /// Bytes that pack badly.
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    @Test(
        "bytes come back plain and packed",
        arguments: [0, 1, 2, 3, 65_535, 65_536, 65_537, 1 << 20, 3_000_000])
    func bytesComeBackPlainAndPacked(count: Int) throws {
        let folder = try TemporaryFolder()
        for bytes in [noise(count), [UInt8](repeating: 0, count: count)] {
            try FileWriter.write(bytes, to: folder.file("plain"))
            try FileWriter.write(bytes, to: folder.file("packed.gz"))
            #expect(try read(folder.file("plain")) == bytes)
            #expect(try read(folder.file("packed.gz")) == bytes)
            #expect(try folder.contents(folder.file("packed.gz")).starts(with: [0x1f, 0x8b]))
        }
    }

    @Test("gzip is told by its bytes, not by its name")
    func gzipIsToldByItsBytesNotByItsName() throws {
        let folder = try TemporaryFolder()
        let packed = try folder.write(folder.packed("hello".utf8), as: "packed.csv")
        let plain = try folder.write("hello", as: "plain.gz")
        #expect(try read(packed) == Array("hello".utf8))
        #expect(try read(plain) == Array("hello".utf8))
    }

    @Test("members of gzip follow each other")
    func membersOfGzipFollowEachOther() throws {
        let folder = try TemporaryFolder()
        let parts = ["one\n", "", "two\n", String(repeating: "three\n", count: 50_000)]
        let members = try parts.flatMap { try folder.packed($0.utf8) }
        #expect(try read(folder.write(members, as: "many.gz")) == Array(parts.joined().utf8))
    }

    @Test("gzip that ends anywhere in the middle is an error")
    func gzipThatEndsAnywhereInTheMiddleIsAnError() throws {
        let folder = try TemporaryFolder()
        let packed = try folder.packed(String(repeating: "user,time\n", count: 20).utf8)
        for end in 2..<packed.count {
            let path = try folder.write(packed[..<end], as: "cut.gz")
            #expect(throws: FileError.truncatedGzip(path: path)) { try read(path) }
        }
        // A second member that is cut off is one too.
        for end in packed.count + 1..<2 * packed.count {
            let path = try folder.write((packed + packed)[..<end], as: "cut.gz")
            #expect(throws: FileError.truncatedGzip(path: path)) { try read(path) }
        }
    }

    @Test("any changed byte of gzip is seen or harmless")
    func anyChangedByteOfGzipIsSeenOrHarmless() throws {
        let folder = try TemporaryFolder()
        let bytes = Array(String(repeating: "user,time\nanna,2025-01-01\n", count: 5).utf8)
        let packed = try folder.packed(bytes)
        var seen = 0
        for place in packed.indices.dropFirst(2) {
            for bit in 0..<8 {
                var changed = packed
                changed[place] ^= 1 << UInt8(bit)
                let path = try folder.write(changed, as: "changed.gz")
                do {
                    let result = try read(path)
                    #expect(result == bytes, "byte \(place), bit \(bit)")
                } catch {
                    #expect(error is InputError || error as? FileError == .truncatedGzip(path: path))
                    seen += 1
                }
            }
        }
        // Only the header's time and system, 6 bytes, and a flag or two mean nothing.
        #expect(seen > (packed.count - 10) * 8)
    }

    @Test("text after gzip is an error")
    func textAfterGzipIsAnError() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(folder.packed("hello".utf8) + Array("more".utf8), as: "tail.gz")
        let error = #expect(throws: InputError.self) { try read(path) }
        #expect(error == InputError(InputPlace(file: path), "the gzip data is corrupt"))
    }

    @Test("a file that is not there cannot be read")
    func aFileThatIsNotThereCannotBeRead() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none.csv")
        let error = #expect(throws: FileError.self) { try ByteSource(path: path) }
        #expect(error == .cannotRead(path: path, problem: "No such file or directory"))
        #expect(error?.description == "\(path): cannot be read: No such file or directory")
    }

    @Test("a folder cannot be read")
    func aFolderCannotBeRead() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.cannotRead(path: folder.path, problem: "is a directory")) {
            try ByteSource(path: folder.path)
        }
    }

    @Test("a limit is kept")
    func aLimitIsKept() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("12345", as: "five")
        #expect(try read(path, limit: 5).count == 5)
        #expect(throws: FileError.self) { try read(path, limit: 4) }
        // A little gzip that unpacks to much is not unpacked to its end.
        let bomb = try folder.write(folder.packed([UInt8](repeating: 0, count: 30 << 20)), as: "bomb")
        #expect(throws: FileError.self) { try read(bomb, limit: 1 << 20) }
    }

    @Test("progress is measured in bytes of the file")
    func progressIsMeasuredInBytesOfTheFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(folder.packed([UInt8](repeating: 0, count: 1 << 20)), as: "zeros.gz")
        let source = try ByteSource(path: path)
        #expect(source.bytesRead == 0)
        _ = try source.readAll(limit: 1 << 21)
        #expect(source.bytesRead == source.byteCount)
    }
}
