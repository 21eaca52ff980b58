# shellcheck shell=bash disable=SC2154
# Processes of the farm: under $dir, each has a start command NAME.sh and its process id in NAME.pid beside it.

started=()
taken=()
builder=

say() { echo "farm: $*" || true; }

fail() {
  echo "farm.sh: $*" >&2
  exit 1
}

need_tool() {
  command -v "$1" >/dev/null || fail "$1 is missing: $2"
}

port_in_use() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

need_port() {
  ! port_in_use "$1" || fail "port $1 is in use; choose another with $2"
  taken+=("$1")
}

# Sets $port, below the range that the system uses for outgoing connections.
pick_free_port() {
  while port=$((20000 + RANDOM % 12000)); [[ " ${taken[*]} " == *" $port "* ]] || port_in_use "$port"; do :; done
  taken+=("$port")
}

# write_command NAME <<body: the body must end in exec, so that the process id stays the same.
write_command() {
  local command=$dir/$1.sh
  # The pid file is moved into place, because an empty file would mean to a reader that the process has ended.
  local pid_file=$dir/$1.pid
  { printf '#!/usr/bin/env bash\necho $$ >%q && mv %q %q\n' "$pid_file.$$" "$pid_file.$$" "$pid_file" && cat; } \
    >"$command"
  chmod 700 "$command"
}

# Starts a separate process session, so that Ctrl+C reaches only farm.sh, which then stops all parts in order.
launch() {
  setsid "$dir/$1.sh" >>"$dir/logs/${1##*/}.log" 2>&1 </dev/null &
  echo $! >"$dir/$1.pid.new" && mv "$dir/$1.pid.new" "$dir/$1.pid"
  disown $!
  started+=("$1")
}

pid_of() { cat "$dir/$1.pid" 2>/dev/null || true; }

running() {
  local pid
  pid=$(pid_of "$1")
  [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null
}

# await NAME CHECK...: waits until the check succeeds; fails if the process ends first.
await() {
  local name=$1 deadline=$((SECONDS + 60))
  shift
  until "$@"; do
    running "$name" || fail_with_log "$name" "ended while starting"
    ((SECONDS < deadline)) || fail_with_log "$name" "was not ready after 60 seconds"
    sleep 0.1
  done
}

fail_with_log() {
  tail -n 15 "$dir/logs/${1##*/}.log" >&2 || true
  fail "${1##*/} $2; its full log is $dir/logs/${1##*/}.log"
}

# Prints a line when a process ends or restarts. The other processes keep running.
watch_processes() {
  local name pid
  declare -A last=()
  for name in "${started[@]}"; do last[$name]=$(pid_of "$name"); done
  while sleep 0.5; do
    for name in "${started[@]}"; do
      pid=
      ! running "$name" || pid=$(pid_of "$name")
      [[ $pid != "${last[$name]}" ]] || continue
      [[ -z ${last[$name]} ]] || say "${name##*/} ended; restart it with $dir/$name.sh"
      [[ -z $pid ]] || say "${name##*/} is running again"
      last[$name]=$pid
    done
  done
}

# stop NAME...: signals all processes, then waits longer than the 30 s that a node allows for requests in flight.
stop() {
  local name deadline=$((SECONDS + 35))
  for name in "$@"; do
    ! running "$name" || kill -TERM "$(pid_of "$name")" || true
  done
  for name in "$@"; do
    while running "$name" && ((SECONDS < deadline)); do sleep 0.05; done
    if running "$name"; then
      say "${name##*/} did not stop in time; killing it"
      kill -KILL "$(pid_of "$name")" || true
    fi
    rm -f "$dir/$name.pid"
  done
}

stop_farm() {
  local code=$?
  trap '' INT TERM HUP PIPE
  if [[ -n $builder ]] && kill "$builder" 2>/dev/null; then wait "$builder" || true; fi
  stop "${nodes[@]}"
  stop nginx redis
  rm -rf "$dir/tmp"
  [[ ${#started[@]} == 0 ]] || say "stopped"
  exit "$code"
}
