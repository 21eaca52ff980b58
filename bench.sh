#!/usr/bin/env bash
# Benchmarks: SessionWeb beside its peers, and what its sessions cost. Prints a table and writes bench-results.json. See usage below.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
exec </dev/null
PATH=$PATH:/usr/sbin:/sbin

project=tests/SessionWeb.Benchmarks
checker=tests/SessionWeb.Checker

usage() {
  cat <<'END'
Usage: ./bench.sh [OPTIONS]
       ./bench.sh --torture MINUTES

Installs what is missing, builds, and measures for about 20 minutes. Prints a table and writes bench-results.json.
Run it on a machine that does nothing else.

  --rounds N       how often each server has its turn (5)
  --seconds S      how long a turn is (6)
  --steady S       how many seconds the operations of Redis are counted (90)
  --sessions N     how many sessions Redis is filled with (1000000)
  --only PART...   runs these parts only; --only may be repeated
  --against REF    also builds another revision of this repository in a temporary folder, and measures its app beside this one
  --torture MINUTES  instead of all that: revocations under faults for this time; then each rule of the protocol removed once
  --help           this text

Parts:
  throughput   /api/me of the app beside its peers: requests per second, CPU per request, ratios
  bare         the library in an app that does nothing else, beside the stock cookie handler and the Redis ticket store
  steady       operations of Redis per request
  sign-in      what a sign-in costs beside the hash of the password
  revocation   how soon 1, 3 and 5 nodes acknowledge; with one of them stopped; from click to answer
  recovery     how soon 3 nodes serve again after Redis restarted, with 40,000 recorded revocations
  memory       memory of a node that remembers 100,000 sessions
  million      memory of Redis per session; ending everyone's sessions
  against      this revision and the one of --against in turns; runs only with --against

Exit code 0: all parts ran and no request was accepted after its session was revoked. Missed targets do not fail the run.
END
}

main() {
  for argument; do
    [[ $argument != --help && $argument != -h ]] || { usage; return; }
  done
  if [[ ${1:-} == --torture ]]; then
    torture "${2:-}"
    return
  fi
  install_missing_tools
  npm ci --prefix $project/Peers/express --no-audit --no-fund --loglevel=error >/dev/null || fail "npm cannot install the Express peer"
  dotnet build $project --configuration Release -warnaserror --nologo --verbosity quiet || fail "the build failed"
  # Replaces this shell, so that a signal to it reaches the benchmark, which stops its servers.
  exec dotnet $project/bin/Release/net10.0/SessionWeb.Benchmarks.dll bench "$@"
}

torture() {
  [[ $1 =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "--torture takes a number of minutes"
  missing=()
  need redis-server redis-server
  install_missing
  dotnet build $checker --configuration Release -warnaserror --nologo --verbosity quiet || fail "the build failed"
  local program=$checker/bin/Release/net10.0/SessionWeb.Checker.dll
  local failed=
  dotnet $program torture "$1" || failed=1
  dotnet $program actions || failed=1
  dotnet $program kills || failed=1
  dotnet $program gate || failed=1
  [[ -z $failed ]] || fail "the checker found violations"
}

install_missing_tools() {
  missing=()
  need redis-server redis-server
  need wrk wrk
  need node nodejs
  need npm npm
  install_missing
}

install_missing() {
  local sudo=
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing (https://dot.net)"
  ((${#missing[@]})) || return 0

  ((EUID == 0)) || sudo="sudo -n"
  echo "bench.sh: installing ${missing[*]}"
  { $sudo apt-get update --quiet --quiet &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends "${missing[@]}"; } >/dev/null ||
    fail "cannot install what is missing; as root: apt-get update && apt-get install ${missing[*]}"
}

# need COMMAND PACKAGE
need() {
  command -v "$1" >/dev/null || missing+=("$2")
}

fail() {
  echo "bench.sh: $*" >&2
  exit 1
}

main "$@"
