/// A way to list pairs of inputs by their interaction, the strongest first.
///
/// On tables with many dependent inputs trees list better pairs, since after the main effects those of strong
/// inputs look half explained; isolated interactions in small tables are found by contrasts. So both lists
/// are made, and held-out rows choose.
public enum PairList: String, Hashable, Sendable {
    /// By the contrast of four quadrants in what the main effects leave.
    case contrasts
    /// By what second cuts add in trees that are grown from the intercept.
    case trees
    /// The pairs that were named, in their order.
    case named

    /// The lists that are made where no pair is named.
    static let ranked = [PairList.contrasts, .trees]
}

/// A list of pairs with the number of those that are fitted, and their rounds.
package struct PairChoice: Hashable, Sendable {
    package var list: PairList
    package var count: Int
    package var rounds: Int

    package init(list: PairList, count: Int, rounds: Int) {
        (self.list, self.count, self.rounds) = (list, count, rounds)
    }

    package static let none = PairChoice(list: .contrasts, count: 0, rounds: 0)
}
