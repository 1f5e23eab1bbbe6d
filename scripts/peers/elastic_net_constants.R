# Constants for Limpet's tests of the elastic net, computed by glmnet.
#
# The data come from the generator that scripts/peers/metrics_constants.py documents, so that a test can
# generate the same numbers; nothing is read. Writes JSON to the standard output, numbers with 17
# significant digits.
#
# Example:
#     Rscript scripts/peers/elastic_net_constants.R > scripts/peers/elastic_net_constants.json
#
# Data set "net": seed 777, 300 rows, eleven numbers a row, u1 to u11 = next u, in this order:
#     x1 to x7 = 4 * u - 2
#     x8       = x1 + 0.5 * u8
#     x9       = floor(3 * u9)            0, 1 or 2
#     x10      = 1 if u10 < 0.1 else 0
#     y        = 1 if u11 < 0.5 + 0.1 * (x1 - 0.7 * x2 + 0.4 * x3 + 0.5 * (x9 - 1)) else 0
# weights: 1, 2, 0.5, 1, 2, 0.5, …; offsets: 0.3 * x4; folds: row number modulo 5, from 0.
#
# Paths (coefficients of x unscaled, the intercept first; glmnet standardises internally with 1/n):
#     alpha1, alpha05, alpha0  100 penalties, the first as glmnet finds it, ratio 1e-4
#     constrained              alpha 0.7 with weights, offsets, and coefficients of x1 and x2 at least 0
# Each is printed at the penalties 1, 10, 30, 50, 70, 100, counted from 1. All penalties are passed to glmnet,
# so that it does not stop early. crossValidation: cvm and cvsd of alpha 1 at the same penalties, lambda.min,
# lambda.1se.
suppressMessages(library(glmnet))
glmnet.control(fdev = 0, devmax = 1, epsnr = 1e-14, mxitnr = 1000)

uniforms <- function(seed, count) {
    x <- seed
    high <- floor(1103515245 / 65536)
    low <- 1103515245 %% 65536
    out <- numeric(count)
    for (i in seq_len(count)) {
        # In two parts, since doubles cannot hold a product of 62 bits.
        x <- (((high * x) %% 2147483648) * 65536 + low * x + 12345) %% 2147483648
        out[i] <- x / 2147483648
    }
    out
}

rows <- 300
u <- matrix(uniforms(777, rows * 11), rows, 11, byrow = TRUE)
x <- 4 * u[, 1:7] - 2
x <- cbind(x, x[, 1] + 0.5 * u[, 8], floor(3 * u[, 9]), ifelse(u[, 10] < 0.1, 1, 0))
y <- ifelse(u[, 11] < 0.5 + 0.1 * (x[, 1] - 0.7 * x[, 2] + 0.4 * x[, 3] + 0.5 * (x[, 9] - 1)), 1, 0)
weights <- rep(c(1, 2, 0.5), length.out = rows)
offsets <- 0.3 * x[, 4]
places <- c(1, 10, 30, 50, 70, 100)

number <- function(v) paste(sprintf("%.17g", v), collapse = ", ")
path <- function(alpha, ...) {
    first <- glmnet(x, y, family = "binomial", alpha = alpha, nlambda = 3, thresh = 1e-14, ...)$lambda[1]
    lambda <- first * 1e-4^((0:99) / 99)
    # glmnet's first penalty at alpha 0 stands for infinity; Limpet's is an ordinary one.
    fit <- glmnet(x, y, family = "binomial", alpha = alpha, lambda = lambda, thresh = 1e-16, maxit = 1e8, ...)
    stopifnot(length(fit$lambda) == 100)
    coefficients <- apply(as.matrix(coef(fit))[, places], 2, function(c) paste0("[", number(c), "]"))
    sprintf("{\n    \"first\": %.17g,\n    \"coefficients\": [\n      %s\n    ]\n  }", first,
            paste(coefficients, collapse = ",\n      "))
}
cv <- function() {
    first <- glmnet(x, y, family = "binomial", nlambda = 3)$lambda[1]
    lambda <- first * 1e-4^((0:99) / 99)
    fit <- cv.glmnet(x, y, family = "binomial", lambda = lambda, foldid = (seq_len(rows) - 1) %% 5 + 1,
                     thresh = 1e-16, maxit = 1e8)
    sprintf("{\n    \"means\": [%s],\n    \"standardErrors\": [%s],\n    \"minimum\": %.17g,\n    \"oneStandardError\": %.17g\n  }",
            number(fit$cvm[places]), number(fit$cvsd[places]), fit$lambda.min, fit$lambda.1se)
}
low <- c(0, 0, rep(-Inf, 8))
cat(sprintf("{\n  \"glmnet\": \"%s\",\n  \"R\": \"%s\",\n  \"ones\": %d,\n", as.character(packageVersion("glmnet")),
            paste(R.version$major, R.version$minor, sep = "."), sum(y)))
cat(sprintf("  \"alpha1\": %s,\n  \"alpha05\": %s,\n  \"alpha0\": %s,\n", path(1), path(0.5), path(0)))
cat(sprintf("  \"constrained\": %s,\n", path(0.7, weights = weights, offset = offsets, lower.limits = low)))
cat(sprintf("  \"crossValidation\": %s\n}\n", cv()))
