#!/usr/bin/env bash
# Runs a farm on one machine: Redis, NODES app nodes and nginx without sticky sessions.
#
#   ./farm.sh [NODES]        http://localhost:8080, Development, demo accounts
#   FARM_TLS=1 ./farm.sh     https://localhost:8443, Production, the same accounts
#
# FARM_PORT       nginx's port (default 8080, or 8443 with TLS)
# FARM_HTTP_PORT  with FARM_TLS=1: the http port that redirects to https (default FARM_PORT - 363)
# FARM_APP        a published app to run; without it, the app is built
# FARM_DIR        the farm's files (default farm-data, or farm-data/production with TLS); kept between starts
# An app setting in the environment (Sessions__IdleTimeout=00:05:00) applies to all nodes.
#
# FARM_DIR/nodes/NAME.sh starts a node and NAME.pid holds its process id, so that a node can be killed and restarted.
# redis and nginx have the same two files. FARM_DIR/sessionweb.sh is the app's command line on this farm.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tls=${FARM_TLS:-}
[[ $tls == 0 ]] && tls=
environment=${tls:+Production}
environment=${environment:-Development}
count=${1:-3}
farm_port=${FARM_PORT:-$((${tls:+363} + 8080))}
dir=$root/farm-data${tls:+/production}
dir=${FARM_DIR:-$dir}
nodes=()
PATH=$PATH:/usr/sbin:/sbin

# shellcheck source=farm/processes.sh
source "$root/farm/processes.sh"
# shellcheck source=farm/parts.sh
source "$root/farm/parts.sh"
# shellcheck source=farm/production.sh
source "$root/farm/production.sh"

main() {
  check_arguments
  need_tool dotnet ".NET 10 SDK (https://dot.net)"
  need_tool redis-server "apt-get install redis-server"
  need_tool nginx "apt-get install nginx-light"
  need_tool openssl "apt-get install openssl"
  need_tool curl "apt-get install curl"
  need_port "$farm_port" FARM_PORT
  [[ -z $tls ]] || need_port "$http_port" FARM_HTTP_PORT
  claim_directory

  # Each open page holds sockets in nginx and in a node.
  ulimit -S -n 32768 2>/dev/null || ulimit -S -n "$(ulimit -H -n)"
  trap stop_farm EXIT
  trap 'exit 0' INT TERM HUP PIPE
  build_app
  start_redis
  write_app_command
  [[ -z $tls ]] || add_demo_accounts
  start_nodes
  start_nginx
  await_ready

  echo "accounts as in appsettings.Development.json; logs in $dir/logs"
  echo "farm ready $url"
  watch_processes
}

check_arguments() {
  in_range "$count" 26 || fail "NODES must be a number from 1 to 26, not '$count'"
  in_range "$farm_port" 65535 || fail "FARM_PORT must be a port, not '$farm_port'"
  http_port=${FARM_HTTP_PORT:-$((farm_port - 363))}
  [[ -z $tls ]] || in_range "$http_port" 65535 || fail "FARM_HTTP_PORT must be a port, not '$http_port'"
  url=http${tls:+s}://localhost:$farm_port
}

in_range() {
  [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && (($1 <= $2))
}

# Child processes inherit the lock, so it is held until the last of them ends.
claim_directory() {
  umask 077
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  exec 9>"$dir/lock"
  flock -n 9 ||
    fail "a farm is already running in $dir (process ids in its .pid files); stop it, or choose another FARM_DIR"
  mkdir -p "$dir"/{logs,nodes,redis,nginx,tmp}
  rm -f "$dir"/*.pid "$dir"/nodes/* "$dir"/logs/*
  export TMPDIR=$dir/tmp
}

main
