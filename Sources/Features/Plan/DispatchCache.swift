import LimpetEvents
import Synchronization

/// The routes of event names that were asked for, since finding one looks at every pattern of a plan.
final class DispatchCache: Sendable {
    private let known = Mutex<[VerbatimText: EventDispatch]>([:])

    /// Names come from outside: so many are remembered, and the rest is found each time.
    private static let limit = 4_096

    func dispatch(for eventName: String, in plan: FeaturePlan) -> EventDispatch {
        known.withLock { known in
            let key = VerbatimText(eventName)
            if let dispatch = known[key] { return dispatch }
            let dispatch = plan.dispatch(for: eventName)
            if known.count < Self.limit { known[key] = dispatch }
            return dispatch
        }
    }
}
