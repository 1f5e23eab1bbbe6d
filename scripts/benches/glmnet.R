# Fits the cross-validated elastic-net path of glmnet. Reads x.bin ([columns][rows]) and y.bin, both 64-bit
# floats, from a folder; prints one line of JSON: the measurements, and the model at lambda.min.
# Arguments: folder rows columns penalties folds alpha type.logistic processes
suppressPackageStartupMessages({
  library(glmnet)
  library(doMC)
})
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
rows <- as.integer(arguments[2])
columns <- as.integer(arguments[3])
number <- as.integer(arguments[4])
folds <- as.integer(arguments[5])
processes <- as.integer(arguments[8])

read_binary <- function(name, count) readBin(file.path(folder, name), "double", count)
x <- matrix(read_binary("x.bin", as.double(rows) * columns), rows, columns)
y <- read_binary("y.bin", rows)
foldid <- (seq_len(rows) - 1) %% folds + 1

status <- function(key) {
  line <- grep(paste0("^", key, ":"), readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) * 1024
}
# Fits all penalties: without this the path ends where the deviance no longer changes.
glmnet.control(fdev = 0, devmax = 1)
if (processes > 1) registerDoMC(processes)
invisible(gc())
try(cat("5", file = "/proc/self/clear_refs"), silent = TRUE)
base <- status("VmRSS")
time <- system.time(
  fit <- cv.glmnet(x, y,
    family = "binomial", alpha = as.numeric(arguments[6]), nlambda = number, foldid = foldid,
    type.logistic = arguments[7], parallel = processes > 1
  )
)
beta <- as.numeric(coef(fit, s = "lambda.min"))
text <- function(v) paste(sprintf("%.17g", v), collapse = ",")
cat(sprintf(
  paste0(
    '{"seconds":%s,"processorSeconds":%s,"baseBytes":%s,"peakBytes":%s,"penaltiesFitted":%d,',
    '"version":"%s","intercept":%s,"beta":[%s]}\n'
  ),
  text(time[["elapsed"]]), text(sum(time[c("user.self", "sys.self", "user.child", "sys.child")])),
  text(base), text(status("VmHWM")), length(fit$lambda), as.character(packageVersion("glmnet")),
  text(beta[1]), text(beta[-1])
))
