import LimpetScoring

/// A model's inputs as other forms take them: numbers and texts apart, each in the order of the model.
struct InputPlaces {
    /// The place of each input among those of its kind.
    let places: [Int]
    /// The codes of each category, by place.
    let codes: [CategoryCodes]
    /// How many inputs are numbers.
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
