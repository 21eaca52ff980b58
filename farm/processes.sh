# shellcheck shell=bash disable=SC2154
# Processes of the farm: each is a start command NAME.sh with its process id in NAME.pid beside it, under $dir.

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

# Sets $port. Below the range from which the system takes ports for outgoing connections.
pick_free_port() {
  while port=$((20000 + RANDOM % 12000)); [[ " ${taken[*]} " == *" $port "* ]] || port_in_use "$port"; do :; done
  taken+=("$port")
}

# write_command NAME <<body: the body must end in exec, so that the process id stays.
write_command() {
  local command=$dir/$1.sh
  # Moved into place, for somebody may be reading it: an empty one would say that the process has ended.
  { printf '#!/usr/bin/env bash\necho $$ >%q && mv %q %q\n' "$dir/$1.pid.$$" "$dir/$1.pid.$$" "$dir/$1.pid" && cat; } >"$command"
  chmod 700 "$command"
}

# A session of its own: Ctrl+C in the terminal reaches farm.sh alone, which then stops all in order.
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

# await NAME CHECK...: until the check holds; fails when the process ends before.
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
  fail "${1##*/} $2; all that it said is in $dir/logs/${1##*/}.log"
}

# A process that ends, or comes back, is a line; the others go on.
watch_processes() {
  local name pid
  declare -A last=()
  for name in "${started[@]}"; do last[$name]=$(pid_of "$name"); done
  while sleep 0.5; do
    for name in "${started[@]}"; do
      pid=
      ! running "$name" || pid=$(pid_of "$name")
      [[ $pid != "${last[$name]}" ]] || continue
      [[ -z ${last[$name]} ]] || say "${name##*/} ended; start it again with $dir/$name.sh"
      [[ -z $pid ]] || say "${name##*/} is back"
      last[$name]=$pid
    done
  done
}

# stop NAME...: asks all of them at once, and waits for requests in flight longer than a node takes at most (30 s).
stop() {
  local name deadline=$((SECONDS + 35))
  for name in "$@"; do
    ! running "$name" || kill -TERM "$(pid_of "$name")" || true
  done
  for name in "$@"; do
    while running "$name" && ((SECONDS < deadline)); do sleep 0.05; done
    if running "$name"; then
      say "${name##*/} did not stop and is killed"
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
