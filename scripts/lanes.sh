#!/usr/bin/env bash
# Runs lanes of the Makefile one after another, each to its end whatever became of the others, and sums up.
# Usage: scripts/lanes.sh LANE…; exits 1 if any lane failed. In CI the summary also goes to the run's page.
# `real` waits for KStars most of its time: it runs beside those after it, which give way to it, and is shown when they end.
set -uo pipefail
cd "$(dirname "$0")/.."

kept="$(mktemp -d)"
trap 'rm -rf "$kept"' EXIT
trap 'wait; exit 130' INT # ^C reaches `real` too, which must not leave KStars running

TIMEFORMAT='%0R %0U %0S'
run() { # LANE [COMMAND…]: by this command, as long as it takes; what is said of it goes into $kept.
    local lane="$1" result=passed seconds user system
    shift
    { time "$@" make --no-print-directory "$lane" </dev/null 2>&3 || result=FAILED; } 3>&2 2>"$kept/$lane.time"
    read -r seconds user system < <(tail -n 1 "$kept/$lane.time")
    printf '%-9s %s %4d s, %4d s of CPU\n' "$lane" "$result" "$seconds" $((user + system)) >"$kept/$lane.result"
}

beside=""
for lane in "$@"; do
    if [ "$lane" = real ] && [ "$lane" != "${*: -1}" ]; then
        (trap - INT && run real >"$kept/real" 2>&1) &
        beside=real
        continue
    fi
    printf '\n== %s\n' "$lane"
    run "$lane" ${beside:+nice}
done
if [ -n "$beside" ]; then
    wait
    printf '\n== %s\n' "$beside"
    cat "$kept/$beside"
fi

summary=$(for lane in "$@"; do cat "$kept/$lane.result" 2>/dev/null || echo "$lane FAILED to end"; done)
printf '\n== summary, %d s in all\n%s\n' "$SECONDS" "$summary"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then printf '```\n%s\n```\n' "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
[[ "$summary" != *" FAILED "* ]]
