/// The table of the flag walk: for each command the flags, their values and what must be given beside them.
///
///     command NAME | ARGUMENTS      a run without the flags that follow
///     --flag VALUE | MORE           differs from the run without it; MORE stands in both runs
///     --flag                        without a value: is left out of ARGUMENTS
///     --flag VALUE ! REASON         is not run, for a reason
///     use LIST                      flags that several commands share; a later line of a flag replaces it
///
/// In MORE, `--flag=` takes a flag out of ARGUMENTS, and `old=new` replaces a word. `@name` is a file of
/// ``FlagWalkFiles``, `%name` one in the folder of the run, and `word @name TEXT` another word.
enum FlagWalkTable {
    static let text = lists + data + models

    /// Flags that several commands share.
    private static let lists = """
        list log
        --events
        --user-column user2
        --time-column time2
        --event-column event2
        --event-name visit | @log.csv=@unnamed.csv
        --value-column value2
        --message-id-column user2
        --received-column missing
        --attributes @attributes.csv
        --time-format %d.%m.%Y
        --time-zone Europe/Amsterdam | @log.csv=@local.csv
        --earliest 2025-02-01
        --data-until 2025-03-15
        --delimiter tab
        --missing visit
        --max-bad-rows 9 | @log.csv=@bad.csv
        --rejects %rejected | @log.csv=@bad.csv --max-bad-rows 9
        --now 2025-03-01

        list horizon
        --churn-after 21d
        --churn-events purchase | --churn-after 21d
        --target-event purchase | --churn-after= --horizon 9d
        --horizon 9d | --churn-after= --target-event purchase

        list label
        use horizon
        --has-done purchase
        --has-not-done mail
        --active-within 5d

        list snapshots
        --at 2025-03-01
        --every 21d | --at=
        --from 2025-03-01 | --at=
        --until 2025-03-01 | --at=

        list features
        --features @features.yaml
        --system-events mail
        --as-known | --received-column received

        list columns
        --id plan
        --weight w
        --drop plan
        --categorical code
        --keep id
        --decimal-mark comma
        --date-order dayFirst
        --dates-before 2026-01-01

        list training
        --rounds 3
        --half-life 9d
        --learning-rate 0.5
        --bins 3
        --no-early-stopping | --rounds 200
        --pairs auto
        --pair @rising @falling
        --no-pair @rising @falling | --pairs 1
        --bags 2
        --step-l1 5
        --step-l2 50
        --minimum-users 2
        --input-share 0.2
        --rising @rising
        --falling @falling
        --cap @number=0.01
        --curvature-memory 1
        --boosting gram
        --l2 3 | --model logistic
        --l1-ratio 1 | --model logistic
        --penalty 0.02 | --model logistic --l1-ratio 1
        --penalties 3 | --model logistic --l1-ratio 1
        --rule oneStandardError | --model logistic --l1-ratio 1
        --non-negative @rising | --model logistic
        --non-positive @falling | --model logistic
        --splines all | --model logistic
        --spline-knots 3 | --model logistic --splines all
        --class-weight 3 | --model logistic
        --inference allRows | --model logistic --rounds= --l2 0
        --robust hc1 | --model logistic --rounds= --l2 0 --inference allRows
        --profit-value 50 | --choose-by profit
        --profit-success 0.9 | --choose-by profit
        --offer-cost 1 | --choose-by profit
        --contact-cost 9 | --choose-by profit
        --value-input @number | --choose-by profit
        --model logistic
        --init-model @table.json
        --bootstrap 9
        --folds 3
        --repeats 2
        --choose-by auc
        --negative-rate 0.5
        --keep-zeros 0.5
        --data-negative-rate 0.5
        --zeros-kept 0.5
        --no-calibration
        --calibration none
        --minimum-level-users 200
        --threads 0
        --seed 9

        list treatment
        --offer-events offer
        --treated term | --offer-events offer
        --holdout-users @holdout.txt | --offer-events offer --features @one.yaml


        """

    /// Commands about data and trainings.
    private static let data = """
        command simulate | --users 60 --days 40 --output %log.csv --truth %truth.csv --forks 4
        --users 70
        --days 50
        --seed 9
        --start 2025-02-01
        --activity 2
        --base-hazard 0.1
        --failure-effect 5
        --offer-effect 5
        --drift 3
        --frailty 3
        --silent-leavers 0.9
        --holdout 0.9
        --churn-after 7d
        --churn-events visit | --churn-after 7d
        --target-event cancelled | --horizon 7d
        --horizon 7d | --target-event cancelled
        --every 7d
        --at 2025-01-20
        --forks 7
        --output
        --truth
        --format json
        --threads 0

        command import | --events @log.csv --output %log.limpetlog
        use log
        --output
        --memory 1
        --no-message-ids
        --format json

        command describe | --events @log.csv
        use log
        --html %log.html
        --show-users
        --format json

        command describe | --table @table.csv
        use columns
        --table
        --target left
        --positive no | --target left
        --target-filled | --target gone
        --group grp
        --format json

        command features init | --events @log.csv
        use log
        --until 2025-02-01
        --system-events mail
        --exclude mail
        --output %features.yaml

        command features extract | --events @log.csv --churn-after 14d --at 2025-03-10
        use log
        use label
        use snapshots
        use features
        --model @model.json | --churn-after=
        --output %table.csv
        --threads 0

        command features check | --events @log.csv --churn-after 14d --at 2025-03-10
        use log
        --time-zone nowhere
        --time-column missing
        use label
        --churn-events missing
        use snapshots
        use features
        --seed x
        --data-until 2025-03-15 | --at=
        --event-name visit | @log.csv=@unnamed.csv --has-done visit
        --users 5
        --sql duckdb
        --threads 0
        --format json

        command features sql | --features @features.yaml --dialect duckdb
        --features
        --model @model.json | --features=
        --dialect
        --event-table other
        --snapshot-table other
        --output %query.sql

        command label | --events @log.csv --churn-events visit
        use log
        --event-name visit | @log.csv=@unnamed.csv --churn-events= --churn-events visit
        --value-column missing
        --churn-events
        --system-events mail | --churn-events=
        --format json

        command train | --events @log.csv --churn-after 14d --every 7d --folds 2 --bootstrap 0 --rounds 9 \
        --output %model.json
        use log
        use label
        use snapshots
        --at 2025-03-01 | --every=
        use features
        use treatment
        --tune 1
        --html %page.html
        --format json

        command train | --table @table.csv --target left --positive yes \
        --drop id left2 grp w since price gone --folds 2 \
        --bootstrap 0 --rounds 40 --output %model.json
        word @number visits
        word @rising visits
        word @falling code
        use training
        use columns
        --split-time joined=2024-05-01
        --fast | --folds= --bootstrap=
        --memory 1KB
        --table
        --target left2
        --positive no
        --target-filled | --positive= --target= --target gone
        --group grp | --drop= --drop id left2 w
        --weight w | --drop= --drop id left2 grp
        --drop
        --keep id | --drop= --drop left2 grp w
        --decimal-mark comma | --drop= --drop id left2 grp w gone
        --date-order dayFirst | --drop= --drop id left2 grp w gone
        --tune-trials 2
        --tune-metric auc | --tune-trials 2
        --tune-kinds logistic | --tune-trials 2
        --choose-threshold
        --output
        --out-of-fold %predictions.csv

        command backtest | --events @log.csv --features @few.yaml --churn-after 7d --every 7d \
        --first-origin 2025-02-20 --period 28d --folds 2 --bootstrap 0 --rounds 40 --minimum-users 3 \
        --predictions %predictions.csv
        use log
        --value-column value2 | --model logistic --rounds= --minimum-users=
        use label
        --churn-events visit | --churn-after 14d
        use snapshots
        --at 2025-03-01 2025-03-08 2025-03-15 2025-03-22 2025-03-29 2025-04-05 | --every=
        use features
        use treatment
        word @number recency_any
        word @rising count_any_7d
        word @falling recency_any
        use training
        --pairs x
        --pair x y
        --no-pair x y | --pairs 1
        --period 14d
        --first-origin 2025-03-20
        --predictions
        --html %page.html
        --format json


        """
}
