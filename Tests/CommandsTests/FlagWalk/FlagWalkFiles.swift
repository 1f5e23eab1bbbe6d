import LimpetEvents
import LimpetTestSupport

/// The small files that the flag walk runs on: a log and a table in which every flag has something to change.
struct FlagWalkFiles {
    private static let header = "user,time,event,value,message_id,received,user2,time2,event2,value2,plan"
    private var random = LinearCongruence()

    /// Writes all files.
    static func write(to folder: borrowing TemporaryFolder) throws {
        var files = FlagWalkFiles()
        let rows = files.log()
        func write(_ header: String, _ rows: [[String]], _ name: String) throws {
            let lines = [header] + rows.map { $0.joined(separator: ",") }
            _ = try folder.write(lines.joined(separator: "\n") + "\n", as: name)
        }
        try write(header, rows, "log.csv")
        let unnamed = ([header.split(separator: ",").map(String.init)] + rows).map { row in
            row.enumerated().filter { $0.offset != 2 && $0.offset != 8 }.map(\.element)
        }
        try write(unnamed[0].joined(separator: ","), Array(unnamed.dropFirst()), "unnamed.csv")
        let local = rows.map { row in
            row.enumerated().map {
                [1, 5, 7].contains($0.offset) ? String($0.element.dropLast()) : $0.element
            }
        }
        try write(header, local, "local.csv")
        let bad = ["u1", "nonsense"] + Array(repeating: "", count: 9)
        try write(header, Array(rows[..<40]) + [bad] + Array(rows[40...]), "bad.csv")
        try write("id,grp,w,visits,plan,code,left,left2,since,price,joined,gone", files.table(), "table.csv")
        for (name, text) in texts { _ = try folder.write(text, as: name) }
    }

    /// Rows of 80 users, every other of whom comes more seldom and then leaves, and of one test user.
    private mutating func log() -> [[String]] {
        let (hour, day) = (60, 1_440)
        var events: [(minute: Int, user: Int, name: String)] = []
        for user in 0..<80 {
            let leaves = user % 2 == 0
            let end = leaves ? (20 + user * 37 % 80) * day : 105 * day
            var minute = user * 13 % 20 * 720
            while minute < end {
                events.append((minute, user, ["purchase", "visit", "visit", "mail"][random.draw(4)]))
                let gap = !leaves || minute < end - 12 * day ? day : 3 * day
                minute += gap + random.draw(2 * day)
            }
        }
        for user in stride(from: 3, to: 80, by: 4) {
            events += [23, 62, 83].map { ($0 * day + user % 24 * hour, user, "offer") }
        }
        events += (0..<300).map { (60 * day + $0, 81, "visit") }
        events.sort { ($0.minute, $0.user, $0.name) < ($1.minute, $1.user, $1.name) }
        return events.enumerated().map { row, event in
            [
                event.user == 81 ? "test" : "u\(event.user)", Self.time(event.minute), event.name,
                "\(1 + random.draw(50))", "m\(row % 7 == 0 ? row - 1 : row)",
                Self.time(event.minute + (row % 4 == 3 ? 9 * day : 0)), "w\(event.user / 2)",
                Self.time(event.minute + row % 5 * day), ["visit", "buy"][row % 2], "\(row % 9)",
                ["a", "b"][event.user % 2],
            ]
        }
    }

    private static func time(_ minute: Int) -> String {
        Timestamp(milliseconds: 1_735_689_600_000 + Int64(minute) * 60_000).description
    }

    private mutating func table() -> [[String]] {
        (0..<400).map { row in
            let (visits, plan, code) = (row * 37 % 100, row % 3, row % 4 + 1)
            let leaves = visits + random.draw(40) < 60 + (plan == 0 ? 20 : 0) + 5 * code
            return [
                "r\(row)", "g\(row / 2)", "\(1 + row % 3)", "\(Double(visits) / 10)",
                ["free", "pro", "team"][plan], "\(code)", leaves ? "yes" : "no",
                row % 5 < 2 ? "yes" : "no",
                // The first date and price may be read in two ways.
                "0\(1 + row % 9)/0\(1 + row % 7)/2024", "\"\(1 + row % 5),\(100 + row)\"",
                "2024-0\(1 + visits % 9)-1\(row % 8)", row % 3 == 0 ? "2025-01-0\(1 + row % 7)" : "",
            ]
        }
    }

    private static let texts = [
        "one.yaml": "version: 1\nfeatures:\n  - {kind: recency}\n",
        "features.yaml": "version: 1\nfeatures:\n  - {kind: count, window: 7d}\n  - {kind: recency}\n",
        "few.yaml": """
        version: 1
        features:
          - {kind: count, window: 7d}
          - {kind: count, window: 30d}
          - {kind: recency}
          - {kind: mean_gap}
          - {kind: count, events: [visit], window: 30d}
          - {kind: sum, of: value, events: [purchase], window: 30d}
          - {kind: last_category, of: plan, events: [purchase]}

        """,
        "policy.yaml": """
        version: 1
        offers:
          - id: discount
            title: Save
            when:
              score: {atLeast: 0.2}

        """,
        "attributes.csv": "user,region\nu1,north\nu2,south\nnobody,south\n",
        "key.txt": "secret\n",
        "holdout.txt": (0..<80).filter { $0 % 4 != 3 }.map { "u\($0)\n" }.joined(),
        "lightgbm.txt": booster(objective: "objective=binary sigmoid:1\n"),
        "raw.txt": booster(objective: ""),
    ]

    private static func booster(objective: String) -> String {
        let trees = (0..<2).map { tree in
            """
            Tree=\(tree)
            num_leaves=2
            num_cat=0
            split_feature=\(tree)
            threshold=1.5
            decision_type=2
            left_child=-1
            right_child=-2
            leaf_value=-0.5 0.25
            leaf_count=30 10


            """
        }
        let head = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\n"
        let names = "feature_names=visits age\nfeature_infos=[0:6] [18:99]\n\n"
        return head + objective + names + trees.joined() + "end of trees\n"
    }
}

/// Numbers that are the same in every run.
private struct LinearCongruence {
    private var state = 7

    /// Returns a number from 0 to below the limit.
    mutating func draw(_ limit: Int) -> Int {
        state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
        return (state >> 8) % limit
    }
}
