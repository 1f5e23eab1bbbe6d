import Glibc
import LimpetEvaluation
import LimpetScoring
import LimpetTraining

// limpet-bench stumps --data FOLDER [--rounds N --learning-rate F --bins N --threads N …]
// One run of one race, in a process of its own, so that its peak of memory is its own. Prints one line of JSON.

do {
    let arguments = try RaceArguments(Array(CommandLine.arguments.dropFirst()))
    switch arguments.race {
    case "stumps": print(try await StumpRace(arguments).run())
    case "logistic": print(try await LogisticRace(arguments).run())
    case "features": print(try await FeatureRace(arguments).run())
    case "live": print(try LiveRace(arguments).run())
    case "elastic-net": print(try await ElasticNetRace(arguments).run())
    default: throw RaceError("expected a race: stumps, logistic, elastic-net, features or live")
    }
} catch {
    print("limpet-bench: \(error)")
    exit(64)
}
