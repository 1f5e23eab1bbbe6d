import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetScoring

// A model is one file; reading it repeats its golden rows on this machine.
let bytes = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
let verified = try ModelFile.decode(Array(bytes))
let scorer = verified.scorer
guard let plan = try scorer.model.plan(zone: verified.zone) else {
    print("the model is of a flat table; this sample needs one of events")
    exit(65)
}

// A user's events as they come.
let now = Timestamp(milliseconds: 1_746_057_600_000)
var history = LiveHistory(plan: plan)
history.append(
    Event(user: "u17", name: "signed_up", time: now - .days(60), properties: ["plan": "basic"]))
history.append(Event(user: "u17", name: "page_viewed", time: now - .days(24)))
history.append(Event(user: "u17", name: "attempt_failed", time: now - .days(3)))

// The score at any time, with reasons that a person can read.
let vector = history.features(at: now)
let score = scorer.score(vector)
print("probability \(score.probability)")
for reason in scorer.reasons(vector, count: 3) {
    print("  \(reason.sentence) (\(reason.contribution))")
}

// Why it changed since a week ago.
let change = scorer.change(of: history.events, plan: plan, between: (now - .days(7))...now)
print("since a week ago \(change.change), of which time alone \(change.passingOfTime)")
for effect in change.effects { print("  \(effect.event.name): \(effect.effect)") }
