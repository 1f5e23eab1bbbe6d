import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining

/// A log of users who leave one after the other, for trainings that read a log in parts.
struct LargeLogSample {
    /// The folder to write to.
    let folder: String
    var users = 600
    /// The day from which on purchases are visits, and visits are purchases.
    var swappedFrom = Int.max
    /// The day from which on each user gets offers.
    var offersFrom = Int.max
    /// The day from which on users chat.
    var chatsFrom = Int.max
    /// True when events of some users come in days after they happened.
    var isLate = false
    /// Lines after the header.
    var more: [String] = []

    static let start = Timestamp(milliseconds: 1_735_689_600_000)
    static let days = 220

    /// Writes the log as lines of text.
    func write(_ name: String = "sample.csv") throws -> String {
        var lines = ["user,time,event,fee,plan" + (isLate ? ",receivedAt" : "")] + more
        var random = TestRandom(seed: 11)
        for user in 0..<users {
            let (rate, last) = (
                Int.random(in: 2...9, using: &random), Int.random(in: 20...240, using: &random)
            )
            let plan = ["free", "basic", "pro"][user % 3]
            for day in 0..<min(last, Self.days) where (day * 11 + user) % rate == 0 {
                let time = Self.start + .days(Int64(day))
                let amount = Double(Int.random(in: 0...4_000, using: &random)) / 100
                let isPurchase = (day % 3 == 0) != (day >= swappedFrom)
                var events = [isPurchase ? "purchase" : "visit"]
                if day >= offersFrom, (day + user) % 10 < 3 { events.append("offer") }
                if day >= chatsFrom, user % 2 == 0 { events.append("chat") }
                let received = isLate ? ",\(time + .days(user % 5 == 0 ? 3 : 0))" : ""
                lines += events.map { event in
                    "u\(user),\(time),\(event),\(event == "purchase" ? "\(amount)" : ""),\(plan)\(received)"
                }
            }
        }
        let path = folder + "/" + name
        let writer = try FileWriter(path: path)
        try writer.write(lines.joined(separator: "\n") + "\n")
        try writer.finish()
        return path
    }

    /// Writes the same log in columns.
    func writeColumnar() throws -> String { try columnar(try write()) }

    /// Writes a log in columns.
    func columnar(_ path: String) throws -> String {
        let columnar = folder + "/sample.limpetlog"
        var writer = ColumnarLogWriter(path: columnar, memory: 1 << 24)
        try LogSource([path]).read(into: &writer)
        _ = try writer.finish()
        return columnar
    }

    /// Features of few columns.
    static let features = FeatureSet(
        decimals: ["fee": 2],
        features: [
            Feature(name: "events", kind: .count, window: .days(30)),
            Feature(name: "purchases", kind: .count, events: EventPattern(names: ["purchase"])),
            Feature(name: "age", kind: .tenure),
            // More values than a number has bins.
            Feature(name: "paid", kind: .sum, window: .days(30), property: "fee"),
            Feature(name: "last purchase", kind: .recency, events: EventPattern(names: ["purchase"])),
            Feature(name: "plan", kind: .lastCategory, property: "plan"),
        ])

    /// The extraction of purchases within two weeks of snapshots two weeks apart.
    static func extraction(
        _ path: String, features: FeatureSource = .set(LargeLogSample.features),
        observer: RecordingObserver = RecordingObserver()
    ) -> LogExtraction {
        var source = LogSource([path], observer: observer)
        source.dataUntil = start + .days(Int64(days))
        return LogExtraction(
            source,
            label: Label(kind: .event, events: EventPattern(names: ["purchase"]), horizon: .days(14)),
            population: Population(activeWithin: .days(30)), snapshots: SnapshotSettings(every: .days(14)),
            features: features, threads: 2)
    }

    static var training: TrainingSettings {
        var settings = TrainingSettings(kind: .stumps)
        (settings.folds, settings.threads, settings.minimumLevelUsers) = (4, 2, 20)
        return settings
    }

    /// The settings of an extraction to bins, or to numbers, whatever the size of the log.
    static func bytes(
        isBinned: Bool = true, isCut: Bool = false, negativeRate: Double = 1
    ) -> ByteSettings {
        var bytes = ByteSettings(training, negativeRate: negativeRate)
        (bytes.leastEvents, bytes.leastValues) = (1, isBinned ? 1 : .max)
        // Parts of some 50 users, and then of some 30.
        if isCut { (bytes.partRows, bytes.partValues) = (1_000, 2_000) }
        return bytes
    }
}
