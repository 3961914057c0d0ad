#!/usr/bin/env bash
# Runs lanes of the Makefile, each to its end whatever became of the others, and sums up: two at a time, in this order, for
# the last tests of a lane leave a core free. `real` waits for KStars most of its time: it begins first, beside the two,
# which give way to it. What a lane says is shown when it has ended.
# Usage: scripts/lanes.sh LANE…; exits 1 if any lane failed. In CI the summary also goes to the run's page.
set -uo pipefail
cd "$(dirname "$0")/.."

kept="$(mktemp -d)"
trap 'rm -rf "$kept"' EXIT
trap 'wait; exit 130' INT # ^C reaches the lanes too: `real` must not leave KStars running

TIMEFORMAT='%0R %0U %0S'
run() { # LANE [COMMAND…]: by this command, as long as it takes; what is said of it goes into $kept.
    local lane="$1" result=passed seconds user system
    shift
    { time "$@" make --no-print-directory "$lane" </dev/null 2>&3 || result=FAILED; } 3>&2 2>"$kept/$lane.time"
    read -r seconds user system < <(tail -n 1 "$kept/$lane.time")
    printf '%-9s %s %4d s, %4d s of CPU\n' "$lane" "$result" "$seconds" $((user + system)) >"$kept/$lane.result"
}

declare -A running=()
begin() { # LANE [COMMAND…]
    printf -- '-- %s has begun\n' "$1"
    (trap - INT && run "$@" >"$kept/$1.said" 2>&1) &
    running[$!]="$1"
}
end_one() { # Wait for whichever lane ends first, and show what it said.
    local ended
    wait -n -p ended "${!running[@]}"
    printf '\n== %s\n' "${running[$ended]}"
    cat "$kept/${running[$ended]}.said"
    [ "${running[$ended]}" != real ] || most=2
    unset "running[$ended]"
}

most=2
give_way=""
if [[ " $* " == *" real "* ]]; then
    begin real
    most=3
    give_way=nice
fi
for lane in "$@"; do
    [ "$lane" != real ] || continue
    while [ "${#running[@]}" -ge "$most" ]; do end_one; done
    begin "$lane" $give_way
done
while [ "${#running[@]}" -gt 0 ]; do end_one; done

summary=$(for lane in "$@"; do cat "$kept/$lane.result" 2>/dev/null || echo "$lane FAILED to end"; done)
printf '\n== summary, %d s in all\n%s\n' "$SECONDS" "$summary"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then printf '```\n%s\n```\n' "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
[[ "$summary" != *" FAILED "* ]]
