#!/usr/bin/env bash
# SessionWeb side by side with its peers, and what its sessions cost: installs what is missing, builds, measures for about a quarter of an hour,
# prints a table and writes bench-results.json. Takes no numbers for granted: run it on a machine that does nothing else.
#
#   ./bench.sh [--rounds N] [--seconds S] [--steady S] [--sessions N] [--only PART...]        ./bench.sh --help
#   ./bench.sh --torture MINUTES    revocations under faults for so long, in place of all that; then each rule of the protocol taken away once
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
exec </dev/null
PATH=$PATH:/usr/sbin:/sbin

project=tests/SessionWeb.Benchmarks
checker=tests/SessionWeb.Checker

main() {
  if [[ ${1:-} == --torture ]]; then
    torture "${2:-}"
    return
  fi
  install_missing_tools
  npm ci --prefix $project/Peers/express --no-audit --no-fund --loglevel=error >/dev/null || fail "npm cannot install the Express peer"
  dotnet build $project --configuration Release -warnaserror --nologo --verbosity quiet || fail "the build failed"
  # Not a child but this very process: whoever stops it stops what it started.
  exec dotnet $project/bin/Release/net10.0/SessionWeb.Benchmarks.dll bench "$@"
}

torture() {
  [[ $1 =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "--torture takes a number of minutes"
  missing=()
  need redis-server redis-server
  install_missing
  dotnet build $checker --configuration Release -warnaserror --nologo --verbosity quiet || fail "the build failed"
  local program=$checker/bin/Release/net10.0/SessionWeb.Checker.dll
  dotnet $program torture "$1" && dotnet $program gate
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
