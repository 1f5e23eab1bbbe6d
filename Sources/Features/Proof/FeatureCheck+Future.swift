import LimpetNumerics
public import LimpetEvents

extension FeatureCheck {
    /// Compares batch extraction at a moment with the same on a log whose events from that moment on were changed at
    /// random: nothing may move.
    ///
    /// - Parameter changed: the log with another future; see `EventLog.changingFuture(from:seed:)`.
    /// - Throws: ``MissingColumnError`` when a log lacks a property.
    public func leak(at moment: Timestamp, changed: EventLog, threads: Int = 1) async throws
        -> FeatureComparison
    {
        let (names, features) = (KeyNames(log, plan.featureSet.features), plan.featureSet.features)
        let before = try await rows(log, at: moment, threads: threads)
        let after = try await rows(changed, at: moment, threads: threads)
        var comparison = FeatureComparison()
        for user in Set(before.rowOfUser.keys).union(after.rowOfUser.keys).sorted() {
            let (left, right) = (before.rowOfUser[user], after.rowOfUser[user])
            comparison.compare(isIn: left != nil, right != nil, user: user, at: moment)
            guard let left, let right else { continue }
            comparison.compare(
                before.table.vector(row: left), after.table.vector(row: right), of: features, user: user,
                at: moment, names: names.name)
        }
        return comparison
    }

    private func rows(
        _ log: EventLog, at moment: Timestamp, threads: Int
    ) async throws -> (table: SnapshotTable, rowOfUser: [String: Int]) {
        let time = moment + subject.delay
        let table = try await SnapshotTable.extract(
            from: log, plan: subject.plan, at: [time], dataUntil: time, threads: threads)
        let users = table.users.map { table.userIDs[Int($0)] }
        return (table, Dictionary(uniqueKeysWithValues: zip(users, users.indices)))
    }
}

extension FeatureCheck {
    /// Counts how many values, and users in the population, are others when each snapshot sees only what had come in by
    /// its moment. A difference is no fault: it is what training on all events would take for granted.
    ///
    /// - Throws: ``MissingColumnError`` when the log lacks a property.
    public func known(threads: Int = 1) async throws -> FeatureComparison {
        let (names, features) = (KeyNames(log, plan.featureSet.features), plan.featureSet.features)
        let end = moments.last ?? Timestamp(milliseconds: 0)
        let all = try await SnapshotTable.extract(
            from: log, plan: plan, at: moments, dataUntil: end, threads: threads)
        let known = try await SnapshotTable.extractKnown(
            from: log, plan: plan, at: moments, dataUntil: end, threads: threads)
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
    /// The features of a row.
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
    /// The log with the events from a moment on changed at random: some are left out, others moved to later, given
    /// another name, other properties, another place or user; users and names that were never seen come in. The past
    /// stays as it is, event by event in the order of arrival.
    ///
    /// - Throws: ``EventRowError`` when there are too many names.
    public func changingFuture(from moment: Timestamp, seed: UInt64) throws(EventRowError) -> EventLog {
        var random = RandomGenerator(seed: seed)
        var builder = EventLogBuilder(
            numberColumns: numbers.mapValues(\.decimals), textColumns: Set(texts.keys))
        for user in users.indices {
            for row in rows(ofUser: user) {
                var event = event(ofRow: row, user: users[user])
                if event.time >= moment {
                    guard random.next() % 4 != 0 else { continue }
                    change(&event, since: moment, &random)
                }
                try builder.append(event, resolution: resolution)
            }
        }
        for number in 0..<16 {
            var event = Event(user: "new \(number % 4)", name: "event", time: moment)
            change(&event, since: moment, &random)
            try builder.append(event, resolution: resolution)
        }
        return builder.finish()
    }

    private func change(_ event: inout Event, since moment: Timestamp, _ random: inout RandomGenerator) {
        let rest = event.time.milliseconds - moment.milliseconds
        event.time = moment + TimeSpan(milliseconds: Int64(random.next() % UInt64(rest + 864_000_001)))
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
        for name in texts.keys.sorted() where numbers[name] == nil && random.next() % 4 == 0 {
            event.properties[name] = "never seen before \(random.next() % 3)"
        }
        for name in numbers.keys.sorted() where random.next() % 4 == 0 {
            event.properties[name] = String(random.next() % 1_000)
        }
    }
}
