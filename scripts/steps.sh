# Sourced by the other scripts: where the project is, and steps that print how long they took.

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
