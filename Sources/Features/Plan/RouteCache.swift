import LimpetEvents
import Synchronization

/// The routes of event names that were asked for, since finding one looks at every pattern of a plan.
final class RouteCache: Sendable {
    private let known = Mutex<[VerbatimText: EventRoute]>([:])

    /// Names come from outside: so many are remembered, and the rest is found each time.
    private static let limit = 4_096

    func route(for eventName: String, in plan: FeaturePlan) -> EventRoute {
        known.withLock { known in
            let key = VerbatimText(eventName)
            if let route = known[key] { return route }
            let route = plan.route(for: eventName)
            if known.count < Self.limit { known[key] = route }
            return route
        }
    }
}
