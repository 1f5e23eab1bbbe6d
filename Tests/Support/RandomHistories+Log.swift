import LimpetDocuments
import Foundation
import LimpetEvents

extension RandomHistories {
    /// Writes histories as a log, with a feature set beside it; the flags of `limpet features check`.
    package static func write(
        to folder: borrowing TemporaryFolder, users: Int, features: String
    ) throws -> [String] {
        var text = "user,time,event,value,device,points\n"
        let histories = (0..<users).map { events(seed: UInt64($0), user: "user '\($0)\\") }
        for place in 0..<(histories.map(\.count).max() ?? 0) {
            for history in histories where place < history.count { text += row(history[place]) + "\n" }
        }
        let log = try folder.write(text, as: "log.csv")
        let set = try folder.write(features, as: "features.yaml")
        let snapshotTimes = snapshotTimes.map(\.description)
        return ["--events", log, "--features", set, "--now", "2030-01-01", "--at"] + snapshotTimes
    }

    private static func row(_ event: Event) -> String {
        let offset = event.zoneOffsetMinutes.map { minutes in
            let sign = minutes < 0 ? "-" : "+"
            return String(format: "%@%02d:%02d", sign, abs(minutes) / 60, abs(minutes) % 60)
        }
        let local = event.time + TimeSpan(milliseconds: Int64(event.zoneOffsetMinutes ?? 0) * 60_000)
        // Without an offset the time is written as a number, which names no place.
        let time = offset.map { local.description.dropLast() + $0 } ?? "\(event.time.milliseconds)"
        let properties = ["value", "device", "points"].map { event.properties[$0] ?? "" }
        return ([event.user, time, event.name] + properties).map { "\"\($0)\"" }.joined(separator: ",")
    }
}
