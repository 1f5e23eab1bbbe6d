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
        return """
            static const char *const *const §_levels[¶_TEXTS] = \(CLiteral.list(tables));
            static const int §_level_counts[¶_TEXTS] = \
            \(CLiteral.list(inputs.codes.map { String($0.other) }));

            int §_code(int place, const char *text)
            {
                int low = 0, high;
                if (place < 0 || place >= ¶_TEXTS) return -1;
                high = §_level_counts[place];
                if (text == NULL || text[0] == 0) return high + 1;
                while (low < high) {
                    int middle = (low + high) / 2, order = strcmp(§_levels[place][middle], text);
                    if (order == 0) return middle;
                    if (order < 0) low = middle + 1; else high = middle;
                }
                return §_level_counts[place];
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
