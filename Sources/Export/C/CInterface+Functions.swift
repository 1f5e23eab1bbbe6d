import LimpetScoring

extension CInterface {
    /// Returns the source of the functions that a program calls.
    func functions(termFunctions: Int) -> String {
        let sums = (0..<termFunctions).map { "    sum = §_terms_\($0)(sum, numbers, codes);\n" }.joined()
        return code() + """
            static §_score §_sum(const double *numbers, const int *codes)
            {
                §_score score;
                double sum = \(CLiteral.number(model.intercept));
                (void)numbers;
                (void)codes;
            \(sums)    score.log_odds = sum;
                score.probability = §_probability(sum);
                return score;
            }

            """ + (inputs.codes.isEmpty ? Self.numberRows : Self.mixedRows(codes)) + Self.batch
    }

    private var codes: String { inputs.codes.map { String($0.other) }.joined(separator: ", ") }

    private func code() -> String {
        guard inputs.codes.contains(where: { !$0.names.isEmpty }) else {
            return """
                int §_code(int place, const char *text)
                {
                    if (place < 0 || place >= ¶_TEXTS) return -1;
                    return text == NULL || text[0] == 0 ? 1 : 0;
                }


                """
        }
        let tables = inputs.codes.enumerated().map { place, codes in
            codes.names.isEmpty ? "NULL" : "§_levels_\(place)"
        }
        return shortestForm + """
            static const char *const *const §_levels[¶_TEXTS] = \(CLiteral.list(tables));
            static const int §_level_counts[¶_TEXTS] = \
            \(CLiteral.list(inputs.codes.map { String($0.other) }));

            int §_code(int place, const char *text)
            {
                int low = 0, high;
            \(usesCodes ? "    char code[24];\n" : "")\
                if (place < 0 || place >= ¶_TEXTS) return -1;
                high = §_level_counts[place];
                if (text == NULL || text[0] == 0) return high + 1;
            \(usesCodes ? "    text = §_shortest(text, §_code_rules[place], code);\n" : "")\
                while (low < high) {
                    int middle = (low + high) / 2, order = strcmp(§_levels[place][middle], text);
                    if (order == 0) return middle;
                    if (order < 0) low = middle + 1; else high = middle;
                }
                return §_level_counts[place];
            }


            """
    }

    private var usesCodes: Bool { model.inputs.contains { $0.codes != nil } }

    /// The function that writes codes in their shortest form, as levels are; empty where all texts are names.
    private var shortestForm: String {
        guard usesCodes else { return "" }
        let rules = model.inputs.filter(\.isCategorical).map { input in
            switch input.codes {
            case nil: "0"
            case .exact: "1"
            case .truncated: "2"
            }
        }
        return """
            /* 1 where texts are codes that are numbers, 2 where these are cut to whole ones, else 0. */
            static const int §_code_rules[¶_TEXTS] = \(CLiteral.list(rules));

            /* A plain decimal in its shortest form, as levels are written; other texts as they are. */
            static const char *§_shortest(const char *text, int rule, char *code)
            {
                const char *p = text, *whole, *point, *fraction;
                if (rule == 0) return text;
                if (*p == '-' || *p == '+') p++;
                whole = p;
                while (*p >= '0' && *p <= '9') p++;
                point = fraction = p;
                if (*p == '.') {
                    fraction = ++p;
                    while (*p >= '0' && *p <= '9') p++;
                }
                if (*p != 0 || (point - whole) + (p - fraction) == 0) return text;
                while (whole < point && *whole == '0') whole++;
                while (p > fraction && p[-1] == '0') p--;
                if (rule == 2) p = fraction;
                if ((point - whole) + (p - fraction) > 20) return text;
                if (whole == point && p == fraction) return "0";
                {
                    char *out = code;
                    if (*text == '-') *out++ = '-';
                    if (whole == point) *out++ = '0';
                    while (whole < point) *out++ = *whole++;
                    if (p > fraction) *out++ = '.';
                    while (fraction < p) *out++ = *fraction++;
                    *out = 0;
                }
                return code;
            }


            """
    }

    /// The functions for rows of a model without texts.
    private static let numberRows = """

        §_score §_score_codes(const double *numbers, const int *codes)
        {
            return §_sum(numbers, codes);
        }

        §_score §_score_row(const double *numbers, const char *const *texts)
        {
            (void)texts;
            return §_sum(numbers, NULL);
        }


        """

    /// Returns the functions for rows of a model with texts. An invalid code counts as an unknown text.
    private static func mixedRows(_ others: String) -> String {
        """

        §_score §_score_codes(const double *numbers, const int *codes)
        {
            static const int others[¶_TEXTS] = {\(others)};
            int known[¶_TEXTS], i;
            for (i = 0; i < ¶_TEXTS; i++)
                known[i] = codes[i] < 0 || codes[i] > others[i] + 1 ? others[i] : codes[i];
            return §_sum(numbers, known);
        }

        §_score §_score_row(const double *numbers, const char *const *texts)
        {
            int codes[¶_TEXTS], i;
            for (i = 0; i < ¶_TEXTS; i++) codes[i] = §_code(i, texts[i]);
            return §_sum(numbers, codes);
        }


        """
    }

    private static let batch = """
        void §_score_rows(size_t rows, const double *numbers, const char *const *texts,
                          double *log_odds, double *probabilities)
        {
            size_t row;
            for (row = 0; row < rows; row++) {
                §_score score = §_score_row(numbers, texts);
                if (log_odds != NULL) log_odds[row] = score.log_odds;
                if (probabilities != NULL) probabilities[row] = score.probability;
                if (numbers != NULL) numbers += ¶_NUMBERS;
                if (texts != NULL) texts += ¶_TEXTS;
            }
        }

        """
}
