# Sourced by the other scripts: changes to the project's folder, and defines steps that print their duration.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 70

step() { # title, command...
    local title=$1 start=$SECONDS status=0
    shift
    printf '\n== %s\n' "$title"
    "$@" || status=$?
    if [ "$status" -ne 0 ]; then
        printf '== %s: failed with exit code %s after %s s\n' "$title" "$status" "$((SECONDS - start))" >&2
        exit "$status"
    fi
    printf '== %s: %s s\n' "$title" "$((SECONDS - start))"
}

# Builds with SwiftPM. The traits of a package are a set, whose order reaches the compiler's arguments; it is another one
# in each environment, and then everything is compiled once more. Hashing without a seed keeps one order. This is for
# the build alone: what was built is to meet all orders.
#
# An archive keeps the objects of sources that have been renamed or removed, so that it is packed anew by each build
# that makes it.
swift_build() {
    case " $* " in
    *" --product CLimpet "*) rm -f .build/release/libCLimpet.a ;;
    *" --product "*) ;;
    *) rm -f .build/release/libCLimpet.a ;;
    esac
    SWIFT_DETERMINISTIC_HASHING=1 swift build --no-color-diagnostics "$@"
}
