import Hummingbird
import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetSequencing
import LimpetStorage

/// The routes for administrators: silence, the clock, the merging of users.
extension Routes {
    func addAdministration(to router: Router<Context>) {
        router.get("/v1/admin/silence") { _, context in
            try context.require(.admin)
            return silence()
        }
        router.post("/v1/admin/silence") { request, context in
            try context.require(.admin)
            return try await setSilence(request)
        }
        router.get("/v1/admin/clock") { _, context in
            try context.require(.admin)
            return clock()
        }
        router.post("/v1/admin/clock") { _, context -> Response in
            try context.require(.admin)
            try await core.look { (state) throws(StorageError) in state.acceptClock() }
            return .json(.object(["success": .boolean(true)]))
        }
        router.post("/v1/admin/merge") { request, context in
            try context.require(.admin)
            return try await merge(request)
        }
        router.get("/v1/admin/erasures") { _, context -> Response in
            try context.require(.admin)
            let pending = try await core.look { (state) throws(StorageError) in state.store.erasures.count }
            return .json(.object(["pending": .number(pending)]))
        }
    }

    private func silence() -> Response {
        let cause = core.loop.current.silence
        return .json(.object(["silence": cause.map { .string($0.name) } ?? .null]))
    }

    /// Stops all offers, or lets them go on.
    private func setSilence(_ request: Request) async throws -> Response {
        let (json, _) = try await body(of: request)
        try DocumentNode(json).allowOnly(["on"])
        guard case .boolean(let isOn)? = json["on"] else {
            throw ServiceError.invalid("expected true or false", field: "on")
        }
        do { try core.store(silence: isOn) } catch { throw ServiceError(error) }
        try await core.look { (state) throws(StorageError) in state.isSilenced = isOn }
        return .json(.object(["silence": isOn ? .string(SilenceCause.admin.name) : .null]))
    }

    private func clock() -> Response {
        let status = core.loop.current
        return .json(
            .object([
                "driftMilliseconds": .number(Int(status.clockDrift.milliseconds)),
                "trusted": .boolean(status.silence != .clock),
            ]))
    }

    /// Joins two known users: the second goes into the first.
    private func merge(_ request: Request) async throws -> Response {
        let (json, bytes) = try await body(of: request)
        try DocumentNode(json).allowOnly(["into", "from"])
        guard let into = try Intake.id(json, "into"), let from = try Intake.id(json, "from") else {
            throw ServiceError.invalid("expected two ids of users: into and from", field: "into")
        }
        let answers = try await core.take(.merge(.known(into), .known(from)), bytes: bytes)
        guard case .taken? = answers.first else { throw ServiceError.unknownUser(from) }
        return .json(.object(["success": .boolean(true)]))
    }
}
