import Hummingbird

/// The context of a request: who sent it.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    var role = AccessKeys.Role.everybody

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }

    /// Refuses a request whose key does not allow it.
    func require(_ needed: AccessKeys.Role) throws(ServiceError) {
        guard role >= needed else {
            throw ServiceError(
                status: .forbidden, code: "forbidden",
                message: needed == .admin
                    ? "this needs the administrator's token" : "this needs a server's key")
        }
    }
}
