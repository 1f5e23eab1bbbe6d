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
