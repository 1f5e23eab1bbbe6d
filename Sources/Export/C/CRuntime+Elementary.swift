extension CRuntime {
    static let log = """
        /* The natural logarithm: x = 2^k m with m in [sqrt(1/2), sqrt(2)), then the series of 2 atanh(s). */
        static double §_log(double x)
        {
            static const double divisors[9] = {19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0};
            uint64_t bits;
            int i, exponent = 0;
            double m, k, f, s, square, sum, tail;
            if (!(x > 0)) return x == 0 ? -INFINITY : NAN;
            if (x > DBL_MAX) return x;
            if (x < DBL_MIN) {
                x *= 18014398509481984.0;
                exponent = -54;
            }
            memcpy(&bits, &x, sizeof bits);
            exponent += (int)(bits >> 52) - 1023;
            bits = (bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
            memcpy(&m, &bits, sizeof m);
            k = exponent;
            if (m > 1.4142135623730951) {
                m *= 0.5;
                k += 1;
            }
            f = m - 1;
            s = f / (2 + f);
            square = s * s;
            sum = 1.0 / 21;
            for (i = 0; i < 9; i++) sum = sum * square + 1 / divisors[i];
            tail = 2 * square * sum;
            return k * 0.6931471803691238 + (f - (s * (f - tail) - k * 1.9082149292705877e-10));
        }

        """

    static let signedLog = """
        /* sign(x) log(1 + |x|); the rounding error of 1 + |x| is put back. */
        static double §_signed_log(double x)
        {
            double size = x < 0 ? -x : x, sum = 1 + size, y;
            if (!(sum <= DBL_MAX)) y = §_log(sum);
            else y = sum == 1 ? size : §_log(sum) + (size - (sum - 1)) / sum;
            return x < 0 ? -y : y;
        }

        """

    static let exp = """
        static double §_power_of_two(int exponent)
        {
            uint64_t bits = (uint64_t)(exponent + 1023) << 52;
            double power;
            memcpy(&power, &bits, sizeof power);
            return power;
        }

        /* e to the power of x: x = k log(2) + r, then the Taylor polynomial of degree 13. */
        static double §_exp(double x)
        {
            static const double divisors[13] = {
                479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, \
        2.0, 1.0, 1.0
            };
            int i, power;
            double k, r, sum = 1.0 / 6227020800.0;
            if (!(x <= 709.782712893384)) return x != x ? x : INFINITY;
            if (!(x > -745.1332191019412)) return 0;
            /* Adding and subtracting 1.5 * 2^52 rounds to the nearest whole number, ties to even. */
            k = (x * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0;
            r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10;
            for (i = 0; i < 13; i++) sum = sum * r + 1.0 / divisors[i];
            power = (int)k;
            return sum * §_power_of_two(power / 2) * §_power_of_two(power - power / 2);
        }

        """

    static let logistic = """
        static double §_logistic(double x)
        {
            double odds;
            if (x >= 0) return 1 / (1 + §_exp(-x));
            odds = §_exp(x);
            return odds / (1 + odds);
        }

        """
}
