import LimpetDocuments
public import LimpetEvents

extension SnapshotTable {
    /// Extracts snapshots that see only what had been received by their snapshot time.
    ///
    /// An event that happened before the snapshot time and was received at or after it is left out, for
    /// features and population alike. Labels use all events.
    ///
    /// For a log without times of receipt, the result is that of
    /// ``extract(from:plan:at:dataUntil:users:reusing:threads:progress:)``.
    ///
    /// - Parameter some: the users to extract, as indices into the log's users; nil for all.
    /// - Throws: ``MissingColumnError`` when the log lacks a property.
    public static func extractKnown(
        from log: EventLog, plan: FeaturePlan, at times: [Timestamp], dataUntil: Timestamp,
        users some: Range<Int>? = nil, threads: Int = 1,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> SnapshotTable {
        let all = try await extract(
            from: log, plan: plan, at: times, dataUntil: dataUntil, users: some, threads: threads,
            progress: progress)
        let snapshotTimes = Array(Set(times)).sorted()
        let late = log.users(withLateEventsAt: snapshotTimes, among: some ?? log.users.indices)
        guard !late.isEmpty else { return all }
        var parts: [(table: SnapshotTable, users: [Int32])] = []
        for snapshotTime in snapshotTimes {
            let known = log.known(at: snapshotTime, users: late)
            parts.append(
                (
                    try await extract(
                        from: known, plan: plan, at: [snapshotTime], dataUntil: dataUntil, threads: threads),
                    late.map { Int32($0) }
                ))
        }
        return all.replacing(Set(late.map { Int32($0) }), by: parts)
    }

    /// Returns the rows of the users not in `late`, together with those of the parts; `users` gives the index
    /// of each user of a part's table in this one.
    private func replacing(
        _ late: Set<Int32>, by parts: [(table: SnapshotTable, users: [Int32])]
    ) -> SnapshotTable {
        struct Source {
            var user: Int32
            var time: Timestamp
            var part: Int
            var row: Int
        }
        var sources = users.indices.filter { !late.contains(users[$0]) }.map {
            Source(user: users[$0], time: times[$0], part: 0, row: $0)
        }
        for (place, part) in parts.enumerated() {
            for row in part.table.users.indices {
                sources.append(
                    Source(
                        user: part.users[Int(part.table.users[row])], time: part.table.times[row],
                        part: place + 1, row: row))
            }
        }
        sources.sort { ($0.user, $0.time) < ($1.user, $1.time) }
        let tables = [self] + parts.map(\.table)
        return SnapshotTable(
            features: features, userIDs: userIDs, users: sources.map(\.user), times: sources.map(\.time),
            labels: sources.map { tables[$0.part].labels[$0.row] },
            numbers: features.indices.map { feature in
                numbers[feature].isEmpty && features[feature].kind.isCategorical
                    ? [] : sources.map { tables[$0.part].numbers[feature][$0.row] }
            },
            keys: features.indices.map { feature in
                features[feature].kind.isCategorical
                    ? sources.map { tables[$0.part].keys[feature][$0.row] } : []
            })
    }
}

extension EventLog {
    /// Returns the users among `some` with an event that happened before one of the ascending snapshot times
    /// and was received at or after it.
    package func users(withLateEventsAt snapshotTimes: [Timestamp], among some: Range<Int>) -> [Int] {
        guard let received else { return [] }
        let snapshotTimes = snapshotTimes.map(\.milliseconds)
        return some.filter { user in
            rows(ofUser: user).contains { row in
                // The first snapshot time after the event.
                let next = snapshotTimes.partitioningIndex { $0 > times[row] }
                return next < snapshotTimes.count && snapshotTimes[next] <= received[row]
            }
        }
    }

    /// Returns the log of the given users without the events before a snapshot time that were received at or
    /// after it.
    package func known(at snapshotTime: Timestamp, users some: [Int]) -> EventLog {
        let now = snapshotTime.milliseconds
        var (starts, kept): ([Int], [Int]) = ([0], [])
        for user in some {
            for row in rows(ofUser: user) where times[row] >= now || (received?[row] ?? times[row]) < now {
                kept.append(row)
            }
            starts.append(kept.count)
        }
        return EventLog(
            sorted: some.map { users[$0] }, userStarts: starts, times: kept.map { times[$0] },
            events: kept.map { events[$0] }, eventNames: eventNames,
            zoneOffsets: zoneOffsets.map { offsets in kept.map { offsets[$0] } },
            received: received.map { received in kept.map { received[$0] } },
            numbers: numbers.mapValues { column in
                NumberColumn(decimals: column.decimals, units: kept.map { column.units[$0] })
            },
            texts: texts.mapValues { column in
                TextColumn(
                    dictionary: column.dictionary, codes: kept.map { column.codes[$0] }, keys: column.keys)
            },
            resolution: resolution, duplicateCount: duplicateCount,
            arrivals: arrivals.map { arrivals in kept.map { arrivals[$0] } }, aliases: aliases)
    }
}
