/// The C functions that generated terms call. Only those that a model needs are written, since compilers warn
/// about unused ones.
///
/// `§` is replaced by the prefix of names. The order of operations is that of `ElementaryFunctions`,
/// `Logarithm`, `Term.Curve` and `Calibrator`, so that the results have the same bits.
struct CRuntime {
    /// A function of the runtime.
    enum Routine: CaseIterable {
        case bin, state, steps, log, signedLog, line, curve, exp, logistic

        /// The functions that this one calls.
        var callees: [Routine] {
            switch self {
            case .state, .curve: [.bin]
            case .steps: [.state, .bin]
            case .signedLog: [.log]
            case .logistic: [.exp]
            case .bin, .log, .line, .exp: []
            }
        }
    }

    let uses: Set<Routine>

    init(uses: Set<Routine>) {
        self.uses = uses.union(uses.flatMap(\.callees))
    }

    /// The source of the functions, each after those that it calls.
    var text: String {
        Routine.allCases.filter(uses.contains).map(Self.source).joined(separator: "\n")
    }

    private static func source(_ routine: Routine) -> String {
        switch routine {
        case .bin: bin
        case .state: state
        case .steps: steps
        case .log: log
        case .signedLog: signedLog
        case .line: line
        case .curve: curve
        case .exp: exp
        case .logistic: logistic
        }
    }

    private static let bin = """
        /* How many of n ascending edges are at most x. */
        static int §_bin(double x, const double *edges, int n)
        {
            int low = 0, high = n;
            while (low < high) {
                int middle = (low + high) / 2;
                if (edges[middle] <= x) low = middle + 1; else high = middle;
            }
            return low;
        }

        """

    private static let state = """
        /* The bin of a number, and after the bins the state of a missing one. */
        static int §_state(double x, const double *edges, int n)
        {
            return x != x ? n + 1 : §_bin(x, edges, n);
        }

        """

    private static let steps = """
        static double §_steps(double x, const double *edges, int n, const double *values)
        {
            return values[§_state(x, edges, n)];
        }

        """

    private static let line = """
        static double §_line(double x, double offset, double coefficient, double missing)
        {
            return x != x ? missing : offset + coefficient * x;
        }

        """

    private static let curve = """
        /* Each piece: origin, constant, linear, square, cube; \
        straight before the first knot and after the last. */
        static double §_curve(double x, const double *knots, int n, const double *pieces, double missing)
        {
            int place;
            const double *p;
            double u;
            if (x != x) return missing;
            place = §_bin(x, knots, n);
            p = pieces + 5 * place;
            u = x - p[0];
            if (place == 0 || place == n) return p[1] + u * p[2];
            return p[1] + u * (p[2] + u * (p[3] + u * p[4]));
        }

        """
}
