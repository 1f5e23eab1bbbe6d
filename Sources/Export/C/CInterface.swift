import LimpetScoring

/// The public part of the C file: the comment on its inputs, declarations, tables and functions.
struct CInterface {
    let model: Model
    let inputs: InputPlaces
    let hash: String

    private var textCount: Int { inputs.codes.count }

    static let end = "#endif\n"

    /// Returns the comment, and the part that can be included without the definitions.
    func declarations() -> String {
        """
        /* A model of Limpet as C99: \(CLiteral.comment(hash))
         *
        \(inputList())
         *
         * A missing number is NAN, a missing text NULL or "". Infinite numbers have no meaning.
         * Of math.h only INFINITY and NAN are used, so no library is needed. \
        The bits are those of Limpet where doubles are 64 bits wide and products and sums are not contracted:
         * gcc does not with -std=c99, or with -ffp-contract=off. Every function may be called by any thread.
         * With ¶_DECLARATIONS_ONLY defined, the file holds declarations only, for use as a header.
         */
        #ifndef ¶_DECLARED
        #define ¶_DECLARED

        #include <stddef.h>

        /* How many inputs there are, how many of them are numbers, and how many are texts. */
        #define ¶_INPUTS \(model.inputs.count)
        #define ¶_NUMBERS \(inputs.numberCount)
        #define ¶_TEXTS \(textCount)

        /* The sum of the terms, and the calibrated probability. */
        typedef struct { double log_odds, probability; } §_score;

        /* An input: its name, whether it is a text, and its place among the numbers or among the texts. */
        typedef struct { const char *name; int is_text, place; } §_input;

        /* The inputs in the order of the model. */
        extern const §_input §_inputs[¶_INPUTS];

        /* The score of one row of ¶_NUMBERS numbers and ¶_TEXTS texts; what there is none of may be NULL. */
        §_score §_score_row(const double *numbers, const char *const *texts);

        /* The same with each text as the code that §_code gives for it, so that it is looked up once. */
        §_score §_score_codes(const double *numbers, const int *codes);

        /* The code of a text of the input at a place among the texts; no such place has the code -1. */
        int §_code(int place, const char *text);

        /* The scores of rows in sequence. log_odds or probabilities may be NULL. */
        void §_score_rows(size_t rows, const double *numbers, const char *const *texts,
                          double *log_odds, double *probabilities);

        #endif

        """
    }

    private func inputList() -> String {
        let lines = zip(model.inputs, inputs.places).map { input, place in
            let kind = input.isCategorical ? "texts" : "numbers"
            return " *   \(kind)[\(place)]  \(CLiteral.comment(input.name))"
        }
        return ([" * Inputs, in the order of the model:"] + lines).joined(separator: "\n")
    }

    /// Returns the start of the definitions: the includes, the inputs and the levels.
    func tables() throws(ExportError) -> String {
        var rows: [String] = []
        for (input, place) in zip(model.inputs, inputs.places) {
            rows.append("{\(try CLiteral.text(input.name)), \(input.isCategorical ? 1 : 0), \(place)}")
        }
        var text = """
            #ifndef ¶_DECLARATIONS_ONLY

            #include <float.h>
            #include <math.h>
            #include <stdint.h>
            #include <string.h>

            #if defined(__FAST_MATH__)
            #error "missing numbers are NAN, which -ffast-math does not know"
            #endif
            #if defined(__clang__)
            #pragma STDC FP_CONTRACT OFF
            #endif

            const §_input §_inputs[¶_INPUTS] = \(CLiteral.list(rows));


            """
        for (place, codes) in inputs.codes.enumerated() where !codes.names.isEmpty {
            var names: [String] = []
            for name in codes.names { names.append(try CLiteral.text(name)) }
            text +=
                "static const char *const §_levels_\(place)[\(names.count)] = \(CLiteral.list(names));\n\n"
        }
        return text
    }
}
