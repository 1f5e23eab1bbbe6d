extension FlagWalkTable {
    /// Commands about models, and the service.
    static let models = """
        command evaluate | --model @model2.json --events @log.csv --at 2025-03-10 --profit-threshold 0.2
        use log
        --time-zone Pacific/Kiritimati
        use horizon
        use snapshots
        --model
        --table @table.csv
        --bootstrap 9
        --seed 9
        --profit-value 50
        --profit-success 0.9
        --offer-cost 1
        --contact-cost 9
        --value-input recency_any
        --profit-threshold 0.9
        --by recency_any
        --html %page.html
        --format json
        --threads 0

        command evaluate | --model @table.json --table @table.csv
        --by plan
        --target left2
        --positive no
        --id plan
        --group grp
        --weight w
        --drop plan
        --categorical code
        --target-filled
        --keep id
        --decimal-mark comma
        --date-order dayFirst
        --dates-before 2026-01-01

        command score | --model @model2.json --events @log.csv
        use log
        --model
        --table @table.csv
        --at 2025-03-01
        --top-reasons 0
        --threshold 0.1
        --output %scores.csv
        --lines ndjson
        --columns id
        --resume
        --format json
        --threads 0

        command score | --model @table.json --table @table.csv
        --target left2
        --positive no
        --id id
        --group grp
        --weight w
        --drop plan
        --categorical code
        --target-filled
        --keep id
        --decimal-mark comma
        --date-order dayFirst
        --dates-before 2026-01-01

        command explain | --model @model2.json --events @log.csv --user u1
        use log
        --model
        --term recency_any | --events= --user=
        --user
        --table @table.csv
        --at 2025-03-01
        --since 2025-03-01
        --html %page.html
        --format json

        command explain | --model @table.json --table @table.csv --id id --user r1
        --target left2
        --positive no
        --id
        --group grp
        --weight w
        --drop left2
        --categorical grp
        --target-filled
        --keep id
        --decimal-mark comma
        --date-order dayFirst
        --dates-before 2026-01-01

        command monitor | --model @model2.json --events @log.csv --at 2025-02-10
        use log
        --time-zone Pacific/Kiritimati
        --data-until 2025-02-12
        --model
        --table @table.csv
        --at
        --threads 0
        --bootstrap 9
        --seed 9
        --fail-above 0.000001 | --at= --at 2025-01-20
        --html %page.html
        --format json

        command monitor | --model @table.json --table @table.csv
        --target left2
        --positive no
        --id plan
        --group grp
        --weight w
        --drop left2
        --categorical grp
        --target-filled
        --keep id
        --decimal-mark comma
        --date-order dayFirst
        --dates-before 2026-01-01

        command recalibrate | --model @model2.json --events @log.csv --at 2025-01-17 2025-01-20 \
        2025-01-23 2025-01-26 2025-02-02 2025-02-05 2025-02-08 2025-02-11 2025-02-14 2025-02-17 \
        2025-02-20 2025-02-23 2025-02-26 2025-03-02 2025-03-05 2025-03-08 2025-03-11 2025-03-14 \
        2025-03-17 2025-03-20 2025-03-23 2025-03-26 --output %new.json
        use log
        --time-zone Pacific/Kiritimati
        --at
        --table @table.csv

        command recalibrate | --model @table.json --table @table.csv --output %new.json
        --model
        --table
        --threads 0
        --bootstrap 9
        --seed 9
        --output
        --format json
        --target left2
        --positive no
        --id plan
        --group grp
        --weight w
        --drop left2
        --categorical grp
        --target-filled
        --keep id
        --decimal-mark comma
        --date-order dayFirst
        --dates-before 2026-01-01

        command models diff | @model.json @model2.json --events @log.csv
        use log
        --time-zone Pacific/Kiritimati | --at 2025-03-10
        --registry %registry | @model.json=shop@1 @model2.json=shop@2 --events=
        --table @table.csv
        --at 2025-03-01
        --show-users 0
        --format json
        --threads 0

        command models diff | @table.json @table2.json --table @table.csv
        --target left2
        --positive no
        --id plan
        --group grp
        --weight w
        --drop left2
        --categorical grp
        --target-filled
        --keep id
        --decimal-mark comma
        --date-order dayFirst
        --dates-before 2026-01-01

        command export | --model @table.json --to c
        --model
        --to
        --dialect duckdb | --to sql
        --prefix other
        --output %model.c

        command import-model | @lightgbm.txt --output %model.json
        --from xgboost
        --target left
        --positive yes
        --iterations 1
        --raw-sum | @lightgbm.txt=@raw.txt
        --output

        command models list | --registry %registry
        --registry
        --format json

        command models show | --registry %registry shop
        --registry
        --format json

        command models add | --registry %registry --name shop @model.json
        --registry
        --name
        --to champion
        --reason because | --to champion

        command models promote | --registry %registry shop@1 --to champion
        --registry
        --to
        --reason because

        command models rollback | --registry %registry shop
        --registry
        --alias other
        --reason because

        command serve | --model @model2.json --policy @policy.yaml --database %database --events \
        @log.csv --host 203.0.113.1 --public-key-file @key.txt --reserve 0
        use log
        --time-column missing
        --event-column missing
        --value-column missing
        --time-zone nowhere
        --event-name visit ! the history is in memory alone
        --model
        --policy
        --database
        --host 203.0.113.2
        --port 99999
        --public-key-file
        --reserve 1
        --memory 1 ! profiles in memory are seen by nobody
        --server-key-file @key.txt ! a key more
        --admin-token-file @key.txt ! a key more
        --identity-secret-file @key.txt ! it is asked for by requests
        --accept-clock ! the clock is right
        """
}
