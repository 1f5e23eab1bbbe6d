import Hummingbird
import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetSequencing
import LimpetStorage

/// Users and their receipts: what is held about somebody, its export and its erasure.
extension Routes {
    func addUsers(to router: Router<Context>) {
        router.get("/v1/decisions/:id") { _, context in
            try context.require(.server)
            return try decision(context.parameters.require("id"))
        }
        router.get("/v1/users/:id") { _, context in
            try context.require(.admin)
            return try await user(id(in: context))
        }
        router.delete("/v1/users/:id") { _, context in
            try context.require(.admin)
            return try await erase(id(in: context))
        }
        router.get("/v1/users/:id/decisions") { _, context in
            try context.require(.admin)
            return try await decisions(of: id(in: context))
        }
        router.get("/v1/users/:id/export") { _, context in
            try context.require(.admin)
            return try await export(id(in: context))
        }
    }

    /// Returns the id that a path names: a known user's, or an anonymous one's as `anonymous:ID`.
    private func id(in context: Context) throws -> ProfileID {
        guard let text = PercentEncoding.decode(try context.parameters.require("id")), !text.isEmpty else {
            throw ServiceError.invalid("the user's id in the path is not valid UTF-8 in percent encoding")
        }
        let prefix = "anonymous:"
        return text.begins(with: prefix) ? .anonymous(String(text.dropFirst(prefix.count))) : .known(text)
    }

    private func decision(_ text: String) throws -> Response {
        guard let id = ReceiptID(text) else {
            throw ServiceError.invalid("expected the id of a receipt, such as 3-1048-0")
        }
        guard let record = try core.record(id.record), record.header.epoch == id.epoch,
            record.receipts.indices.contains(id.index)
        else { throw ServiceError.unknownDecision }
        return .json(try core.receipt(record, id.index))
    }

    private func user(_ id: ProfileID) async throws -> Response {
        let (now, policy) = (configuration.now(), core.policy)
        let document = try await core.look { (state) throws(StorageError) -> JSON? in
            guard let profile = try state.store.profile(id) else { return nil }
            return state.sequencer.view(profile, at: now).document(profile, user: id.text, policy: policy)
        }
        guard let document else { throw ServiceError.unknownUser(id.text) }
        return .json(document)
    }

    private func erase(_ id: ProfileID) async throws -> Response {
        let answers = try await core.take(.erasure(id), bytes: id.text.utf8.count)
        guard case .erased? = answers.first else { throw ServiceError.unknownUser(id.text) }
        return .json(.object(["status": .string("erased")]))
    }

    /// Returns all records about a user, in their order.
    private func history(of id: ProfileID) async throws -> [DecisionRecord] {
        guard let profile = try await core.profile(id) else { throw ServiceError.unknownUser(id.text) }
        do {
            return try ProfileChain(core.log).wholeHistory(upTo: profile.lastRecord)
        } catch {
            throw ServiceError(error)
        }
    }

    private func decisions(of id: ProfileID) async throws -> Response {
        var receipts: [JSON] = []
        for record in try await history(of: id) {
            for index in record.receipts.indices { receipts.append(try core.receipt(record, index)) }
        }
        return .json(.object(["userId": .string(id.text), "decisions": .array(receipts)]))
    }

    /// Returns all that is held about a user, a JSON document a line.
    private func export(_ id: ProfileID) async throws -> Response {
        let (now, policy) = (configuration.now(), core.policy)
        let records = try await history(of: id)
        guard let profile = try await core.profile(id) else { throw ServiceError.unknownUser(id.text) }
        let view = try await core.look { (state) throws(StorageError) in
            state.sequencer.view(profile, at: now)
        }
        var lines = [
            JSON.object([
                "type": .string("user"), "user": view.document(profile, user: id.text, policy: policy),
            ])
        ]
        for record in records {
            lines.append(record.inputDocument)
            for index in record.receipts.indices {
                lines.append(
                    .object(["type": .string("decision"), "decision": try core.receipt(record, index)]))
            }
        }
        let text = lines.map { $0.compact + "\n" }.joined()
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension DecisionRecord {
    /// The input as an export tells it.
    fileprivate var inputDocument: JSON {
        var members = [
            JSONMember(name: "record", value: .number(Int(header.number))),
            JSONMember(name: "now", value: .string(header.now.description)),
        ]
        switch input {
        case .event(let incoming):
            members =
                [JSONMember(name: "type", value: .string("event"))] + members + [
                    JSONMember(name: "event", value: .string(incoming.event.name)),
                    JSONMember(name: "time", value: .string(incoming.event.time.description)),
                    JSONMember(
                        name: "messageId", value: incoming.event.messageID.map { .string($0) } ?? .null),
                    JSONMember(
                        name: "ids",
                        value: .array(incoming.ids.map { .string($0.text) })),
                    JSONMember(
                        name: "properties",
                        value: .object(
                            incoming.event.properties.sortedByKey.map {
                                JSONMember(name: $0.key, value: .string($0.value))
                            })),
                    JSONMember(
                        name: "consent",
                        value: .object(
                            incoming.consent.map {
                                JSONMember(name: $0.purpose, value: .boolean($0.isGiven))
                            })),
                ]
        case .ask(let question):
            members =
                [JSONMember(name: "type", value: .string("ask"))] + members + [
                    JSONMember(name: "placement", value: question.placement.map { .string($0) } ?? .null)
                ]
        case .tick: members = [JSONMember(name: "type", value: .string("timer"))] + members
        }
        return .object(members)
    }
}
