import Glibc
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct NamedPipeTests {
    @Test("a pipe is not opened to see what it is, since that would break its writer")
    func isNotOpened() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("events")
        try #require(mkfifo(path, 0o600) == 0)
        // With both ends open nobody waits for the other, so that a look into the pipe would not hang.
        let ends = open(path, O_RDWR | O_CLOEXEC)
        let opened = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        defer { for file in [ends, opened] { close(file) } }
        try #require(ends >= 0 && opened >= 0)
        try #require(inotify_add_watch(opened, path, UInt32(IN_OPEN)) >= 0)
        #expect(try !ColumnarLog.isOne(path: path))
        var event = [UInt8](repeating: 0, count: 4_096)
        #expect(read(opened, &event, event.count) < 0 && errno == EAGAIN)
    }
}
