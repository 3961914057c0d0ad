#!/usr/bin/env bash
# Runs lanes of the Makefile, each to its end whatever became of the others, and sums up: two at a time, in this order, for
# the last tests of a lane leave a core free. `real` waits for KStars most of its time: it begins first, beside the two,
# which give way to it. What a lane says is shown when it has ended.
# Usage: scripts/lanes.sh LANE…; exits 1 if any lane failed. In CI the summary also goes to the run's page.
set -uo pipefail
set -m # each lane is a process group, so that it can be ended with all that it began
cd "$(dirname "$0")/.."

kept="$(mktemp -d)"
trap 'rm -rf "$kept"' EXIT
declare -A running=()
end_all() { # SIGNAL CODE: hand the signal on, and wait: `real` must not leave KStars running.
    local shell
    for shell in "${!running[@]}"; do kill -s "$1" -- "-$shell" 2>/dev/null; done
    wait
    exit "$2"
}
trap 'end_all INT 130' INT
trap 'end_all TERM 143' TERM
trap 'end_all HUP 129' HUP

TIMEFORMAT='%0R %0U %0S'
run() { # LANE [COMMAND…]: by this command, as long as it takes; what is said of it goes into $kept.
    local lane="$1" result=passed seconds user system
    shift
    { time "$@" make --no-print-directory "$lane" </dev/null 2>&3 || result=FAILED; } 3>&2 2>"$kept/$lane.time"
    read -r seconds user system < <(tail -n 1 "$kept/$lane.time")
    printf '%-9s %s %4d s, %4d s of CPU\n' "$lane" "$result" "$seconds" $((user + system)) >"$kept/$lane.result"
}

begin() { # LANE [COMMAND…]
    printf -- '-- %s has begun\n' "$1"
    (trap - INT && trap : TERM HUP && run "$@" >"$kept/$1.said" 2>&1) & # it waits for what its make tears down
    running[$!]="$1"
}
end_some() { # Wait until a lane has ended, and show what each that has said; one whose shell was killed is ended with it.
    local shell
    wait -n "${!running[@]}" 2>/dev/null
    for shell in "${!running[@]}"; do
        kill -0 "$shell" 2>/dev/null && continue
        kill -- "-$shell" 2>/dev/null
        printf '\n== %s\n' "${running[$shell]}"
        cat "$kept/${running[$shell]}.said"
        [ "${running[$shell]}" != real ] || most=2
        unset "running[$shell]"
    done
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
    while [ "${#running[@]}" -ge "$most" ]; do end_some; done
    begin "$lane" $give_way
done
while [ "${#running[@]}" -gt 0 ]; do end_some; done

summary=$(for lane in "$@"; do cat "$kept/$lane.result" 2>/dev/null || echo "$lane FAILED to end"; done)
printf '\n== summary, %d s in all\n%s\n' "$SECONDS" "$summary"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then printf '```\n%s\n```\n' "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
[[ "$summary" != *" FAILED "* ]]
