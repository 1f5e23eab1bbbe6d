import Glibc
import LimpetParallel

extension StageClock {
    /// Returns a clock that started with the process.
    static func ofProcess() -> StageClock { StageClock(age: processAge ?? .zero) }

    /// The time since the process started, to a hundredth of a second; nil where the system does not tell.
    private static var processAge: Duration? {
        guard let file = fopen("/proc/self/stat", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = fread(&buffer, 1, buffer.count, file)
        // The name of the program, in parentheses, may hold anything; 19 fields on is the start.
        let text = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        var now = timespec()
        guard fields.count > 19, let ticks = Double(fields[19]), clock_gettime(CLOCK_BOOTTIME, &now) == 0
        else { return nil }
        let started = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        return .seconds(max(0, Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - started))
    }
}
