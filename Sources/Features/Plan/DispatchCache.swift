import LimpetDocuments
import LimpetEvents
import Synchronization

/// A cache of the dispatch of event names, since finding one matches every pattern of a plan.
final class DispatchCache: Sendable {
    private let known = Mutex<[VerbatimText: EventDispatch]>([:])

    /// The largest number of cached names, which come from outside; the dispatch of other names is found each
    /// time.
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
