import Glibc
import LimpetEvaluation
import LimpetScoring
import LimpetTraining

// limpet-bench stumps --data FOLDER [--rounds N --learning-rate F --bins N --threads N …]
//
// Makes one run of one race, in its own process, so that the peak of memory is that of the run. Prints one
// line of JSON.

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
