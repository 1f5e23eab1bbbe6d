import LimpetScoring

/// The inputs of a model as exported forms take them: numbers and texts separately, each in the order of the
/// model.
struct InputPlaces {
    /// The index of each input among those of its kind.
    let places: [Int]
    /// The codes of each category, by index.
    let codes: [CategoryCodes]
    /// The number of numeric inputs.
    let numberCount: Int

    init(_ model: Model) {
        var (places, codes, numbers): ([Int], [CategoryCodes], Int) = ([], [], 0)
        for (index, input) in model.inputs.enumerated() {
            if input.isCategorical {
                places.append(codes.count)
                codes.append(CategoryCodes(input: index, terms: model.terms))
            } else {
                places.append(numbers)
                numbers += 1
            }
        }
        (self.places, self.codes, numberCount) = (places, codes, numbers)
    }
}
