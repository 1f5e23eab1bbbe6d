import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// The reasons why a user's score changed, as text and as JSON.
struct ScoreChangeReport {
    let user: String
    let snapshotTimes: ClosedRange<Timestamp>
    let change: ScoreChange
    let hash: String

    var text: String {
        let (before, after) = (change.before, change.after)
        var lines = [
            "\(user): probability \(Format.percent(before.probability)) at \(snapshotTimes.lowerBound) → "
                + "\(Format.percent(after.probability)) at \(snapshotTimes.upperBound), log-odds "
                + "\(Format.signed(change.change, 4)) (model \(hash.prefix(12))…)", "",
        ]
        var table = TextTable([("what did it", .left), ("", .left), ("log-odds", .right)])
        table.append(["time alone, had nothing happened", "", Format.signed(change.passingOfTime, 4)])
        let strongest = change.effects.filter { $0.effect != 0 }
            .sorted { $0.effect.magnitude > $1.effect.magnitude }
        for effect in strongest.prefix(15).sorted(by: { $0.event.time < $1.event.time }) {
            table.append([
                effect.event.name, effect.event.time.description, Format.signed(effect.effect, 4),
            ])
        }
        if strongest.count > 15 {
            let rest = strongest.dropFirst(15).reduce(0) { $0 + $1.effect }
            table.append(["\(strongest.count - 15) more events", "", Format.signed(rest, 4)])
        }
        let still = change.effects.count - strongest.count
        if still > 0 { table.append(["\(still) events that changed nothing", "", "0"]) }
        lines.append(table.text)
        let moved = change.topics.filter { $0.change != 0 }
        if !moved.isEmpty {
            var topics = TextTable([
                ("topic", .left), ("before", .right), ("after", .right), ("change", .right),
            ])
            for topic in moved.prefix(10) {
                topics.append([
                    topic.topic, Format.signed(topic.before, 4), Format.signed(topic.after, 4),
                    Format.signed(topic.change, 4),
                ])
            }
            lines += ["", topics.text]
        }
        lines += [
            "",
            "Events are added in the order of their times; an effect is what the score at the later time",
            "changes by when the event comes.",
        ]
        return lines.joined(separator: "\n")
    }

    var document: JSON {
        .object([
            "id": .string(user), "from": .string(snapshotTimes.lowerBound.description),
            "to": .string(snapshotTimes.upperBound.description), "model": .string(hash),
            "before": Self.document(change.before), "after": Self.document(change.after),
            "change": .number(change.change), "passingOfTime": .number(change.passingOfTime),
            "events": .array(
                change.effects.map { effect in
                    .object([
                        "event": .string(effect.event.name),
                        "time": .string(effect.event.time.description), "effect": .number(effect.effect),
                    ])
                }),
            "topics": .array(
                change.topics.map { topic in
                    .object([
                        "topic": .string(topic.topic), "before": .number(topic.before),
                        "after": .number(topic.after),
                    ])
                }),
        ])
    }

    private static func document(_ score: Scorer.Score) -> JSON {
        .object(["probability": .number(score.probability), "logOdds": .number(score.logOdds)])
    }
}
