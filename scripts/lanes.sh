#!/usr/bin/env bash
# Runs lanes of the Makefile one after another, each to its end whatever became of the others, and sums up.
# Usage: scripts/lanes.sh LANE…; exits 1 if any lane failed. In CI the summary also goes to the run's page.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0
summary=""
for lane in "$@"; do
    printf '\n== %s\n' "$lane"
    begun=$SECONDS
    if make --no-print-directory "$lane" </dev/null; then result=passed; else result=FAILED failed=1; fi
    summary+=$(printf '%-9s %s %4d s' "$lane" "$result" $((SECONDS - begun)))$'\n'
done
printf '\n== summary, %d s in all\n%s' "$SECONDS" "$summary"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then printf '```\n%s```\n' "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$failed"
