/// The policy for one user's offers, outside the holdout.
package enum OfferPolicy: Sendable {
    /// A draw of an arm with the logged propensities, which is the default.
    case drawn
    /// The first offer that helps a user in the current state, and none where no offer does.
    case helpful
    /// No offers.
    case withheld

    /// Returns the offer, and the probability in percent with which it was drawn.
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
