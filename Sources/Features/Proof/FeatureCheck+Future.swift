public import LimpetDocuments
import LimpetNumerics
public import LimpetEvents

extension FeatureCheck {
    /// Compares batch extraction at a snapshot time with that of a log whose events from then on were changed
    /// at random; all values must be equal.
    ///
    /// - Parameter changed: the log with another future; see `EventLog.changingFuture(from:seed:)`.
    /// - Throws: ``MissingColumnError`` when a log lacks a property.
    public func leak(at snapshotTime: Timestamp, changed: EventLog, threads: Int = 1) async throws
        -> FeatureComparison
    {
        let (names, features) = (KeyNames(log, plan.featureSet.features), plan.featureSet.features)
        let before = try await rows(log, at: snapshotTime, threads: threads)
        let after = try await rows(changed, at: snapshotTime, threads: threads)
        var comparison = FeatureComparison()
        for user in VerbatimSet(before.rowOfUser.keys).union(after.rowOfUser.keys).sorted() {
            let (left, right) = (before.rowOfUser[user], after.rowOfUser[user])
            comparison.compare(isIn: left != nil, right != nil, user: user, at: snapshotTime)
            guard let left, let right else { continue }
            comparison.compare(
                before.table.vector(row: left), after.table.vector(row: right), of: features, user: user,
                at: snapshotTime, names: names.name)
        }
        return comparison
    }

    private func rows(
        _ log: EventLog, at snapshotTime: Timestamp, threads: Int
    ) async throws -> (table: SnapshotTable, rowOfUser: VerbatimDictionary<Int>) {
        let time = snapshotTime + extraction.delay
        let table = try await SnapshotTable.extract(
            from: log, plan: extraction.plan, at: [time], dataUntil: time, threads: threads)
        let users = table.users.map { table.userIDs[Int($0)] }
        return (table, VerbatimDictionary(zip(users, users.indices)))
    }
}

extension FeatureCheck {
    /// Counts the values, and the users in the population, that differ when each snapshot sees only what had
    /// been received by its snapshot time.
    ///
    /// A difference is not an error: it is knowledge that training on all events would wrongly assume.
    ///
    /// - Throws: ``MissingColumnError`` when the log lacks a property.
    public func known(threads: Int = 1) async throws -> FeatureComparison {
        let (names, features) = (KeyNames(log, plan.featureSet.features), plan.featureSet.features)
        let end = snapshotTimes.last ?? Timestamp(milliseconds: 0)
        let all = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: end, threads: threads)
        let known = try await SnapshotTable.extractKnown(
            from: log, plan: plan, at: snapshotTimes, dataUntil: end, threads: threads)
        var comparison = FeatureComparison()
        var (left, right) = (0, 0)
        while left < all.count || right < known.count {
            let first = left < all.count ? (all.users[left], all.times[left]) : nil
            let second = right < known.count ? (known.users[right], known.times[right]) : nil
            let isFirst = second.map { second in first.map { $0 <= second } ?? false } ?? true
            let isSecond = first.map { first in second.map { $0 <= first } ?? false } ?? true
            let row = isFirst ? (all.users[left], all.times[left]) : (known.users[right], known.times[right])
            let user = log.users[Int(row.0)]
            comparison.compare(isIn: isSecond, isFirst, user: user, at: row.1)
            if isFirst, isSecond {
                comparison.compare(
                    known.vector(row: right), all.vector(row: left), of: features, user: user, at: row.1,
                    names: names.name)
            }
            left += isFirst ? 1 : 0
            right += isSecond ? 1 : 0
        }
        return comparison
    }
}

extension SnapshotTable {
    /// Returns the features of a row.
    package func vector(row: Int) -> FeatureVector {
        var vector = FeatureVector(count: features.count)
        for index in features.indices {
            if features[index].kind.isCategorical {
                vector.categories[index] = TextKey(stored: keys[index][row])
            } else {
                vector.numbers[index] = numbers[index][row]
            }
        }
        return vector
    }
}

extension EventLog {
    /// Returns the log with the events from a snapshot time on changed at random.
    ///
    /// Some are left out, others are moved to later times or get another name, other properties, another
    /// offset or user; new users and names are added. The past stays as it is, event by event in the order of
    /// arrival.
    ///
    /// - Throws: `EventRowError` when there are too many names.
    public func changingFuture(from snapshotTime: Timestamp, seed: UInt64) throws(EventRowError) -> EventLog {
        var random = RandomGenerator(seed: seed)
        var builder = EventLogBuilder(
            numberColumns: numbers.mapValues(\.decimals), textColumns: VerbatimSet(texts.keys))
        builder.note(aliases: aliases)
        for user in users.indices {
            for row in rows(ofUser: user) {
                var event = event(ofRow: row, user: users[user])
                if event.time >= snapshotTime {
                    guard random.next() % 4 != 0 else { continue }
                    change(&event, since: snapshotTime, &random)
                }
                try builder.append(event, resolution: resolution)
            }
        }
        for number in 0..<16 {
            var event = Event(user: "new \(number % 4)", name: "event", time: snapshotTime)
            change(&event, since: snapshotTime, &random)
            try builder.append(event, resolution: resolution)
        }
        return builder.finish()
    }

    private func change(_ event: inout Event, since snapshotTime: Timestamp, _ random: inout RandomGenerator)
    {
        let rest = event.time.milliseconds - snapshotTime.milliseconds
        event.time = snapshotTime + TimeSpan(milliseconds: Int64(random.next() % UInt64(rest + 864_000_001)))
        switch random.next() % 4 {
        case 0: event.name = "never seen before"
        case 1 where !eventNames.isEmpty:
            event.name = eventNames[Int(random.next() % UInt64(eventNames.count))]
        default: break
        }
        if random.next() % 8 == 0, !users.isEmpty {
            event.user = users[Int(random.next() % UInt64(users.count))]
        }
        if random.next() % 8 == 0 { event.zoneOffsetMinutes = Int(random.next() % 28) * 60 - 780 }
        for name in texts.keys.sortedByBytes() where numbers[name] == nil && random.next() % 4 == 0 {
            event.properties[name] = "never seen before \(random.next() % 3)"
        }
        for name in numbers.keys.sortedByBytes() where random.next() % 4 == 0 {
            event.properties[name] = String(random.next() % 1_000)
        }
    }
}
