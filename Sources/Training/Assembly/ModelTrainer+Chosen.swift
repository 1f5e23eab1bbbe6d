import LimpetScoring

extension ModelTrainer {
    /// The choices made on held-out rows.
    struct Chosen: Sendable {
        /// The setting, at the point of a search where there was one.
        var setting: Setting
        /// The point that a search has chosen; nil without one.
        var point: SearchPoint?
        var calibrator: Calibrator
        var threshold: Double?
        /// The settings that the choice was made with, changed to the point of a search.
        var settings: TrainingSettings
        /// The trainer that can fit with the choice.
        var trainer: any AdditiveTrainer
        /// The stumps of the choice, where they have been fitted along with it.
        var stumps: AdditiveFit?
        /// The log-odds of the rows of the fold that the choice leaves out, where they are known.
        var left: [(row: Int, logOdds: Double)]?
        /// The result of the search; nil without one.
        var search: SearchResult?
        /// The choice of how snapshots fade; nil where there was none.
        var halfLife: HalfLifeChoice?

        /// The choice for other rows, on which nothing is fitted yet.
        var unfitted: Chosen {
            var chosen = self
            (chosen.stumps, chosen.left) = (nil, nil)
            return chosen
        }

        /// True when nothing is left to fit: the stumps are all that the setting asks for, without pairs.
        var isFitted: Bool {
            if case .rounds = setting { stumps != nil } else { false }
        }
    }

    /// True where the choice for all rows is made along with those of the estimate, by folds of users.
    func choosesAlong(_ data: TrainingData) -> Bool {
        settings.folds >= 2 && ForwardSplit.fold(data) == nil
    }

    /// Returns a trainer whose searches share the budget of this one's.
    func sharingBudget(_ data: TrainingData) -> ModelTrainer {
        guard var search else { return self }
        let searches =
            settings.folds < 2 ? 1 : choosesAlong(data) ? max(1, settings.repeats) : 2
        search.budget = search.budget.map { $0 / searches }
        return ModelTrainer(settings, search: search)
    }

    /// Returns a trainer whose searches make a number of trials, however long these take.
    func repeating(trials: Int) -> ModelTrainer {
        guard var search else { return self }
        (search.maximumTrials, search.budget) = (trials, nil)
        return ModelTrainer(settings, search: search)
    }
}

extension Setting {
    /// The setting at the point of a search.
    var atPoint: Setting {
        if case .searched(_, let setting) = self { setting } else { self }
    }
}
