#!/usr/bin/env bash
# Installs missing tools, builds everything, checks the style and runs the tests tier by tier.
#
#   ./test.sh           all tiers: unit, integration, end to end, checker and packaging
#   ./test.sh --fast    unit and integration
#
# A failed tier ends the run. The last line is `N passed, N failed, N skipped`.
# Exit code 0: none failed, none was skipped, and at least one passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
exec </dev/null

# false: style hits are printed and do not fail the run.
enforce_style=true
# Release: farm.sh publishes this build.
configuration=Release
tiers=(UnitTests IntegrationTests EndToEndTests "CheckerTests PackagingTests")
passed=0 failed=0 skipped=0
failures=artifacts/failures.txt
output=artifacts/test-output.txt
all_output=artifacts/all-output.txt

main() {
  case $* in
    "") ;;
    --fast) tiers=("${tiers[@]:0:2}") ;;
    *) fail "usage: ./test.sh [--fast]" ;;
  esac
  install_missing_tools
  mkdir -p artifacts
  : >"$failures"
  : >"$all_output"
  if ! dotnet build SessionWeb.sln --configuration $configuration -warnaserror --nologo --verbosity quiet; then
    echo "test.sh: the build failed"
    failed=1
  elif check_style; then
    precompile
    run_tiers
    show_slowest
  fi
  show_failures
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0 && skipped == 0 && passed > 0))
}

# The programs that the tests start hundreds of times start faster. Every test also passes without this.
precompile() {
  local began=$SECONDS
  # Processes that run for seconds gain nothing from code that first counts how it is used.
  export DOTNET_TieredPGO=0
  echo "== precompiling"
  SESSIONWEB_PRECOMPILED=$(tests/precompile.sh $configuration) || SESSIONWEB_PRECOMPILED=
  export SESSIONWEB_PRECOMPILED
  echo "== precompiling: $((SECONDS - began)) s"
}

check_style() {
  echo "== style"
  tests/check-style.sh && return 0
  [[ $enforce_style == true ]] || return 0
  echo "test.sh: the style check failed"
  failed=1
  return 1
}

install_missing_tools() {
  local missing=() sudo=
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing (https://dot.net)"
  PATH=$PATH:/usr/sbin:/sbin
  need redis-server redis-server
  need redis-cli redis-tools
  need nginx nginx-light
  need chromium chromium
  need openssl openssl
  need curl curl
  need git git
  ((${#missing[@]})) || return 0

  ((EUID == 0)) || sudo="sudo -n"
  echo "test.sh: installing ${missing[*]}"
  { $sudo apt-get update --quiet --quiet &&
    $sudo env DEBIAN_FRONTEND=noninteractive \
      apt-get install --yes --quiet --quiet --no-install-recommends "${missing[@]}"; } >/dev/null ||
    fail "cannot install the missing tools; as root: apt-get update && apt-get install ${missing[*]}"
}

# need COMMAND PACKAGE
need() {
  command -v "$1" >/dev/null || missing+=("$2")
}

run_tiers() {
  local tier project began
  for tier in "${tiers[@]}"; do
    began=$SECONDS
    for project in $tier; do
      echo "== $project"
      run_project "tests/SessionWeb.$project/SessionWeb.$project.csproj"
    done
    echo "== $tier: $((SECONDS - began)) s"
    ((failed == 0)) || return 0
  done
}

run_project() {
  local code=0 project_passed project_failed
  dotnet test "$1" --no-build --configuration $configuration --logger "console;verbosity=normal" \
    --blame-hang-timeout 6m --blame-hang-dump-type none --results-directory artifacts/TestResults 2>&1 |
    tee "$output" || code=$?
  cat "$output" >>"$all_output"
  project_passed=$(count Passed)
  project_failed=$(count Failed)
  awk '/^  (Passed|Failed|Skipped) /{show = $1 == "Failed"} show && lines[$0]++ < 1' "$output" >>"$failures"
  # A runner that crashed, failed to clean up or found no test counts no failure, but it has failed.
  if ((project_failed == 0 && (code != 0 || project_passed == 0))); then
    project_failed=1
    {
      echo "  $(basename "$1" .csproj) ended with $code and no failed test:"
      grep --invert-match '^  Passed ' "$output" || true
    } >>"$failures"
  fi
  passed=$((passed + project_passed))
  failed=$((failed + project_failed))
  skipped=$((skipped + $(count Skipped)))
}

# A duration is `< 1 ms`, `12 ms`, `3 s`, `1 m 2 s` or the like.
show_slowest() {
  echo "== slowest tests"
  awk '
    BEGIN { factor["h"] = 3600; factor["m"] = 60; factor["s"] = 1; factor["ms"] = 0.001 }
    /^  (Passed|Failed) .* \[[^]]*\]$/ {
      name = $0
      sub(/ \[[^]]*\]$/, "", name)
      count = split(substr($0, length(name) + 3, length($0) - length(name) - 3), parts, " ")
      seconds = 0
      for (i = 1; i < count; i++) seconds += parts[i] * factor[parts[i + 1]]
      printf "%8.1f s%s\n", seconds, substr(name, 9)
    }' "$all_output" | sort --numeric-sort --reverse | awk 'NR <= 10' | cut --characters=1-160
}

# The failures again, where a reader of the last lines sees them.
show_failures() {
  [[ -s $failures ]] || return 0
  echo "== failures"
  head --lines 200 "$failures"
}

# From the runner's last summary: "Total tests: 3", then "     Passed: 2" and so on, each only if it is not zero.
count() {
  awk -v label="$1:" '/^Total tests: /{n = 0; summary = 1} summary && $1 == label {n = $2} END {print n + 0}' "$output"
}

fail() {
  echo "test.sh: $*" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

main "$@"
