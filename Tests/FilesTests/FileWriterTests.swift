import Foundation
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct FileWriterTests {
    @Test("nothing has the final name before the end")
    func nothingHasTheFinalNameBeforeTheEnd() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.csv")
        let writer = try FileWriter(path: path)
        try writer.write(String(repeating: "x", count: 1 << 19))
        #expect(!folder.names.contains("out.csv"))
        try writer.write("the end\n")
        try writer.finish()
        #expect(folder.names == ["out.csv"])
        #expect(try folder.text(path).hasSuffix("xthe end\n"))
    }

    @Test("what is not finished vanishes", arguments: ["out.csv", "out.csv.gz"])
    func whatIsNotFinishedVanishes(name: String) throws {
        let folder = try TemporaryFolder()
        do {
            let writer = try FileWriter(path: folder.file(name))
            try writer.write(String(repeating: "half of it", count: 100_000))
            #expect(folder.names.count == 1)
        }
        #expect(folder.names.isEmpty)
    }

    @Test("what was there stays until the end")
    func whatWasThereStaysUntilTheEnd() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", as: "out.csv")
        do {
            let writer = try FileWriter(path: path)
            try writer.write("new")
        }
        #expect(try folder.text(path) == "old")
        let writer = try FileWriter(path: path)
        try writer.write("new")
        #expect(try folder.text(path) == "old")
        try writer.finish()
        #expect(try folder.text(path) == "new")
        #expect(folder.names == ["out.csv"])
    }

    @Test("finishing twice changes nothing")
    func finishingTwiceChangesNothing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.gz")
        let writer = try FileWriter(path: path)
        try writer.write("all")
        try writer.finish()
        let bytes = try folder.contents(path)
        try writer.finish()
        #expect(try folder.contents(path) == bytes)
        #expect(folder.names == ["out.gz"])
    }

    @Test("a file without bytes is a file")
    func aFileWithoutBytesIsAFile() throws {
        let folder = try TemporaryFolder()
        try FileWriter.write([], to: folder.file("empty"))
        try FileWriter.write([], to: folder.file("empty.gz"))
        #expect(try folder.contents(folder.file("empty")).isEmpty)
        #expect(try ByteSource(path: folder.file("empty.gz")).readAll(limit: 10).isEmpty)
    }

    @Test("packed files have the same bytes each time")
    func packedFilesHaveTheSameBytesEachTime() throws {
        let folder = try TemporaryFolder()
        let bytes = Array(String(repeating: "user,time\nanna,2025-01-01\n", count: 1_000).utf8)
        #expect(try folder.packed(bytes) == folder.packed(bytes))
    }

    @Test("a folder that is not there cannot be written to")
    func aFolderThatIsNotThereCannotBeWrittenTo() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none/out.csv")
        #expect(throws: FileError.cannotWrite(path: path, problem: "No such file or directory")) {
            try FileWriter(path: path)
        }
        #expect(throws: FileError.cannotWrite(path: folder.path, problem: "is a directory")) {
            try FileWriter(path: folder.path)
        }
        #expect(folder.names.isEmpty)
    }

    @Test("a name without folder is written where the process runs")
    func aNameWithoutFolderIsWrittenWhereTheProcessRuns() throws {
        let name = "limpet-writer-test.csv"
        try FileWriter.write(Array("here".utf8), to: name)
        defer { try? FileManager.default.removeItem(atPath: name) }
        #expect(try ByteSource(path: name).readAll(limit: 10) == Array("here".utf8))
    }

    @Test("devices are written in place")
    func devicesAreWrittenInPlace() throws {
        try FileWriter.write(Array("gone".utf8), to: "/dev/null")
        let source = try ByteSource(path: "/dev/null")
        #expect(try source.readAll(limit: 1).isEmpty)
        #expect(source.byteCount == nil)
    }

    @Test("a full disk is an error")
    func aFullDiskIsAnError() throws {
        let writer = try FileWriter(path: "/dev/full")
        try writer.write("much")
        #expect(throws: FileError.cannotWrite(path: "/dev/full", problem: "No space left on device")) {
            try writer.finish()
        }
    }
}
