#!/usr/bin/env bash
# Measures SessionWeb and its peers, prints a table and writes bench-results.json. See usage below.
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

Installs missing tools, builds, and measures for about 20 minutes. Prints a table and writes bench-results.json.
Run it on an otherwise idle machine.

  --rounds N         rounds in which each server is measured once (5)
  --seconds S        seconds of load per server and round (6)
  --steady S         seconds during which Redis operations are counted (90)
  --sessions N       sessions that Redis is filled with (1000000)
  --only PART...     runs only these parts; may be repeated
  --against REF      also builds another revision in a temporary folder and measures its app beside this one
  --torture MINUTES  runs the checker instead: revocations under faults for this time, then its other commands
  --help             prints this text

Parts:
  throughput   /api/me of the app and its peers: requests per second, CPU per request, ratios
  bare         the library, the stock cookie handler and the Redis ticket store in a minimal app
  steady       Redis operations per request
  sign-in      cost of a sign-in, excluding the password hash
  revocation   acknowledgement by 1, 3 and 5 nodes; with one node stopped; from click to answer
  recovery     time until 3 nodes serve again after a Redis restart, with 40,000 recorded revocations
  memory       memory of a node that caches 100,000 sessions
  million      Redis memory per session; revocation of all sessions
  against      this revision and the one of --against in turns; only with --against

Exit code 0: all parts ran, and no request was accepted after its session was revoked.
Missed targets do not fail the run.
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
  npm ci --prefix $project/Peers/express --no-audit --no-fund --loglevel=error >/dev/null ||
    fail "npm cannot install the Express peer"
  dotnet build $project --configuration Release -warnaserror --nologo --verbosity quiet || fail "the build failed"
  # exec replaces this shell, so that a signal reaches the benchmark, which stops its servers.
  exec dotnet $project/bin/Release/net10.0/SessionWeb.Benchmarks.dll bench "$@"
}

torture() {
  [[ $1 =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "--torture must be a number of minutes, but was '$1'"
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
  need git git
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
  { $sudo apt-get update -qq &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends "${missing[@]}"; } \
    >/dev/null ||
    fail "cannot install missing packages; run as root: apt-get update && apt-get install ${missing[*]}"
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
