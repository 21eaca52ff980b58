#!/usr/bin/env bash
# Installs what the tests need and is missing, builds everything and runs every test.
# The last line says `N passed, N failed, N skipped`; exit 0 only when none failed, none was skipped and one passed at least.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
exec </dev/null

# Release: what a farm publishes is then built already.
configuration=Release
passed=0 failed=0 skipped=0
failures=artifacts/failures.txt

main() {
  install_missing_tools
  if ! dotnet build SessionWeb.sln --configuration $configuration -warnaserror --nologo --verbosity quiet; then
    echo "test.sh: the build failed"
    failed=1
  else
    run_all_projects
    show_failures
  fi
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0 && skipped == 0 && passed > 0))
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
  ((${#missing[@]})) || return 0

  ((EUID == 0)) || sudo="sudo -n"
  echo "test.sh: installing ${missing[*]}"
  { $sudo apt-get update --quiet --quiet &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends "${missing[@]}"; } >/dev/null ||
    fail "cannot install what is missing; as root: apt-get update && apt-get install ${missing[*]}"
}

# need COMMAND PACKAGE
need() {
  command -v "$1" >/dev/null || missing+=("$2")
}

# What references the test SDK is a test project; the benchmarks do not.
run_all_projects() {
  local project projects output
  output=artifacts/test-output.txt
  mkdir -p artifacts
  : >"$failures"
  mapfile -t projects < <(grep --files-with-matches Microsoft.NET.Test.Sdk tests/*/*.csproj)
  for project in "${projects[@]}"; do
    echo "== $(basename "$project" .csproj)"
    run_project "$project" "$output"
  done
}

run_project() {
  local code=0 project_passed project_failed
  dotnet test "$1" --no-build --configuration $configuration --logger "console;verbosity=normal" \
    --blame-hang-timeout 6m --blame-hang-dump-type none --results-directory artifacts/TestResults 2>&1 | tee "$2" || code=$?
  project_passed=$(count Passed "$2")
  project_failed=$(count Failed "$2")
  awk '/^  (Passed|Failed|Skipped) /{show = $1 == "Failed"} show && lines[$0]++ < 1' "$2" >>"$failures"
  # A runner that crashed, could not clean up, or found nothing to run, has failed though it counted no failure.
  if ((project_failed == 0 && (code != 0 || project_passed == 0))); then
    project_failed=1
    {
      echo "  $(basename "$1" .csproj) ended with $code and no failed test:"
      grep --invert-match '^  Passed ' "$2" || true
    } >>"$failures"
  fi
  passed=$((passed + project_passed))
  failed=$((failed + project_failed))
  skipped=$((skipped + $(count Skipped "$2")))
}

# Once more at the end, where whoever sees only the last lines sees them.
show_failures() {
  [[ -s $failures ]] || return 0
  echo "== what failed"
  head --lines 200 "$failures"
}

# From the runner's last summary: "Total tests: 3", then "     Passed: 2" and so on, each only when there is one.
count() {
  awk -v label="$1:" '/^Total tests: /{n = 0; summary = 1} summary && $1 == label {n = $2} END {print n + 0}' "$2"
}

fail() {
  echo "test.sh: $*" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

main
