/// What the decisions about one user's offers do, outside the holdout.
package enum OfferPolicy: Sendable {
    /// They draw an arm with the logged propensities: the shipped behaviour.
    case drawn
    /// They give the first offer that helps a user in this state, and none where no offer does.
    case helpful
    /// They give none.
    case withheld

    /// The offer, and the probability in percent with which it was drawn.
    func choose(for state: BehaviourState, from stream: inout RandomStream) -> (SimulatedOffer, Int) {
        switch self {
        case .drawn:
            let offer = SimulatedOffer.draw(hasAbandonedCart: state.hasAbandonedCart, from: &stream)
            return (offer, offer.propensityPercent(hasAbandonedCart: state.hasAbandonedCart))
        case .helpful:
            return (SimulatedOffer.allCases.first { $0.reaction(of: state) == .helped } ?? .none, 100)
        case .withheld: return (.none, 100)
        }
    }
}
