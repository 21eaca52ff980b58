# shellcheck shell=bash disable=SC2154
# FARM_TLS=1: certificates, and accounts, because Production creates no demo accounts.

write_tls_entrance() {
  make_tls_certificate
  cat >"$dir/nginx/entrance.conf" <<END
listen 127.0.0.1:$farm_port ssl http2;
ssl_certificate ../tls/localhost.pem;
ssl_certificate_key ../tls/localhost.key;
ssl_protocols TLSv1.2 TLSv1.3;
END
  # A temporary redirect, because a browser would keep a permanent one for a later http farm.
  cat >"$dir/nginx/redirect.conf" <<END
server {
    listen 127.0.0.1:$http_port;
    return 302 $url\$request_uri;
}
END
  echo "nginx http://localhost:$http_port (redirects to https)"
}

make_tls_certificate() {
  local certificate=$dir/tls/localhost
  mkdir -p "$dir/tls"
  openssl x509 -checkend 86400 -noout -in "$certificate.pem" >/dev/null 2>&1 && return
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$certificate.key" -out "$certificate.pem" \
    2>>"$dir/logs/openssl.log"
}

# Kept between starts: without it, the keys in Redis, and so all cookies, would be unusable.
make_data_protection_certificate() {
  local keys=$dir/data-protection
  [[ -s $keys/certificate.pfx ]] && return
  mkdir -p "$keys"
  openssl rand -hex 32 >"$keys/password"
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=SessionWeb data protection" \
    -keyout "$keys/key.pem" -out "$keys/certificate.pem" 2>>"$dir/logs/openssl.log"
  openssl pkcs12 -export -inkey "$keys/key.pem" -in "$keys/certificate.pem" \
    -passout "file:$keys/password" -out "$keys/new.pfx"
  rm "$keys/key.pem" "$keys/certificate.pem"
  mv "$keys/new.pfx" "$keys/certificate.pfx"
}

production_settings() {
  # A node redirects http requests to nginx's https port.
  echo "export HTTPS_PORT=$farm_port"
  printf 'export DataProtection__Certificate=%q\n' "$dir/data-protection/certificate.pfx"
  # shellcheck disable=SC2016
  printf 'DataProtection__CertificatePassword=$(<%q)\n' "$dir/data-protection/password"
  echo 'export DataProtection__CertificatePassword'
}

add_demo_accounts() {
  local name password role present line
  present=$("$dir/sessionweb.sh" accounts list) || fail "the accounts cannot be listed"
  while IFS=$'\t' read -r name password role; do
    line=$(grep -E "^[[:space:]]*$name([[:space:],]|\$)" <<<"$present" || true)
    if [[ -z $line ]]; then
      account "$password" add "$name" ${role:+--admin}
    elif [[ $line == *"demo password"* ]]; then
      # A demo account from Development cannot sign in here until its password is reset.
      account "$password" reset-password "$name"
    fi
  done < <(demo_accounts)
}

# account PASSWORD COMMAND NAME...
account() {
  say "accounts ${*:2}"
  "$dir/sessionweb.sh" accounts "${@:2}" <<<"$1" >>"$dir/logs/accounts.log" 2>&1 \
    || { tail -n 5 "$dir/logs/accounts.log" >&2; fail "accounts ${*:2} failed"; }
}

# Prints name, password and "admin" or nothing, one account per line.
demo_accounts() {
  tr -d '\n' <"$root/appsettings.Development.json" | grep -o '{[^{}]*"UserName"[^{}]*}' | while read -r account; do
    printf '%s\t%s\t%s\n' "$(field UserName "$account")" "$(field Password "$account")" \
      "$(grep -Eo '"Roles"[^]]*"admin"' <<<"$account" | grep -o 'admin' || true)"
  done
}

field() { sed -E "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"([^\"]*)\".*/\1/" <<<"$2"; }
