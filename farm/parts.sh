# shellcheck shell=bash disable=SC2154
# The parts of the farm: app build, Redis, nodes, nginx.

build_app() {
  if [[ -n ${FARM_APP:-} ]]; then
    rm -rf "$dir/app"
    cp -R "$FARM_APP" "$dir/app"
    return
  fi
  say "building the app"
  # Two farms that start together must not build into the same obj directory.
  flock --no-fork "$root/SessionWeb.sln" dotnet publish "$root/src/SessionWeb" -c Release -o "$dir/app" \
    -v quiet --nologo --disable-build-servers >"$dir/logs/build.log" 2>&1 9>&- &
  builder=$!
  wait "$builder" || { cat "$dir/logs/build.log" >&2; fail "the app does not build"; }
  builder=
}

start_redis() {
  pick_free_port
  redis_port=$port
  write_command redis <<END
exec redis-server --bind 127.0.0.1 --port $port --dir $(quoted "$dir/redis") \\
  --appendonly yes --save '' --maxmemory-policy noeviction
END
  launch redis
  await redis port_in_use "$port"
  echo "redis redis://127.0.0.1:$port"
}

# Runs the app with this farm's settings, in the repository's root, where its appsettings files are.
write_app_command() {
  [[ -z $tls ]] || make_data_protection_certificate
  cat >"$dir/sessionweb.sh" <<END
#!/usr/bin/env bash
$(inherited_settings)
export ASPNETCORE_ENVIRONMENT=$environment DOTNET_ENVIRONMENT=$environment
export ASPNETCORE_WEBROOT=$(quoted "$dir/app/wwwroot")
export DataDirectory=$(quoted "$dir/data")
export ConnectionStrings__Redis=127.0.0.1:$redis_port
export Node__ShowInResponses=true
# nginx connects from an address that no other local program uses, so only nginx's forwarded headers are trusted.
export ForwardedHeaders__KnownProxies=127.0.0.2
export TMPDIR=$(quoted "$dir/tmp")
${tls:+$(production_settings)}
cd $(quoted "$root")
exec dotnet $(quoted "$dir/app/SessionWeb.dll") "\$@"
END
  chmod 700 "$dir/sessionweb.sh"
}

start_nodes() {
  local letters=abcdefghijklmnopqrstuvwxyz index name
  : >"$dir/nginx/nodes.conf"
  for ((index = 0; index < count; index++)); do
    name=node-${letters:index:1}
    pick_free_port
    write_command "nodes/$name" <<END
export Node__Name=$name
exec $(quoted "$dir/sessionweb.sh") --urls http://127.0.0.1:$port >>$(quoted "$dir/logs/$name.log") 2>&1
END
    # A stopped node refuses connections at once, and nginx tries the next node. max_fails=0 keeps nginx from avoiding a
    # node after failures, so it never regards all nodes as down.
    echo "server 127.0.0.1:$port max_fails=0;" >>"$dir/nginx/nodes.conf"
    launch "nodes/$name"
    nodes+=("nodes/$name")
    node_urls+=("http://127.0.0.1:$port")
    echo "node $name http://127.0.0.1:$port"
  done
}

start_nginx() {
  cp "$root/farm/nginx.conf" "$dir/nginx/nginx.conf"
  if ((EUID == 0)); then echo "user root;"; fi >"$dir/nginx/user.conf"
  if [[ -n $tls ]]; then write_tls_entrance; else echo "listen 127.0.0.1:$farm_port;" >"$dir/nginx/entrance.conf"; fi
  [[ -n $tls ]] || : >"$dir/nginx/redirect.conf"
  write_command nginx <<END
cd $(quoted "$dir/nginx")
exec nginx -p $(quoted "$dir/nginx") -c nginx.conf -e $(quoted "$dir/logs/nginx.log") -g 'daemon off;'
END
  launch nginx
  echo "nginx $url"
}

await_ready() {
  local index
  for index in "${!nodes[@]}"; do
    await "${nodes[index]}" is_ready "${node_urls[index]}"
  done
  await nginx is_ready "$url"
}

# --insecure because the certificate is self-signed.
is_ready() {
  curl --silent --fail --insecure --noproxy '*' --max-time 5 --output /dev/null "$1/health/ready"
}

quoted() { printf %q "$1"; }

# Repeats settings from farm.sh's environment (Sessions__IdleTimeout=00:05:00 ./farm.sh) for nodes that are restarted.
inherited_settings() {
  local name
  for name in $(compgen -e | grep __ || true); do printf 'export %s=%q\n' "$name" "${!name}"; done
}
