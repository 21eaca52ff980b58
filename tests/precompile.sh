#!/usr/bin/env bash
# Compiles to native code what test.sh has built: the app, and the programs that the tests start or run in. The tests
# start hundreds of processes; without this, each of them spends seconds on compiling the same code.
#
#   tests/precompile.sh CONFIGURATION
#
# Prints the folder of the precompiled app, which is there in two forms: `built` as in its bin, and `published`.
# Prints nothing if the compiler cannot be downloaded. The assemblies of the test programs are replaced in their bin
# folders, until the next build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

configuration=$1
app=$PWD/artifacts/precompiled
# Compiled assemblies by the hash of their original: a package is compiled once.
cache=$PWD/artifacts/precompiled-cache
programs=(
  "$app/built" "$app/published"
  "$PWD/tests/SessionWeb.IntegrationTests/bin/$configuration/net10.0"
  "$PWD/tests/SessionWeb.Checker/bin/$configuration/net10.0"
)

main() {
  local compiler hash file
  compiler=$(download_compiler) || { echo "precompile.sh: no compiler, so the tests take longer" >&2; return 0; }
  rm -rf "$app"
  mkdir -p "$app/built" "$cache"
  cp -R "src/SessionWeb/bin/$configuration/net10.0/." "$app/built"
  dotnet publish src/SessionWeb --no-build --configuration "$configuration" --output "$app/published" \
    --nologo --verbosity quiet >&2

  references >"$cache/references.rsp"
  export compiler cache
  export -f compile
  assemblies | sort --unique --key 1,1 |
    xargs --delimiter '\n' --max-args=1 --max-procs="$(nproc)" bash -c 'compile "${1%%  *}" "${1#*  }"' compile
  while read -r hash file; do
    [[ ! -s $cache/$hash ]] || cp "$cache/$hash" "$file"
  done < <(assemblies)
  echo "$app"
}

download_compiler() {
  dotnet restore tests/crossgen --verbosity quiet >&2 &&
    dotnet msbuild tests/crossgen -nologo -getProperty:CompilerPath
}

# Hash and path of each assembly of the app, in each program, and of the programs themselves.
assemblies() {
  find "${programs[@]}" -maxdepth 1 -name '*.dll' | while read -r file; do
    [[ ! -e $app/built/${file##*/} && $file != */SessionWeb.Checker.dll ]] || sha256sum "$file"
  done
}

# The assemblies of the shared frameworks, one argument per line.
references() {
  dotnet --list-runtimes | sed -nE 's|^Microsoft\.(NETCore\|AspNetCore)\.App (10\.[^ ]*) \[(.*)\]$|-r:\3/\2/*.dll|p'
}

# compile HASH FILE: an empty result means that there is nothing to compile, as in an assembly that is native already.
compile() {
  [[ ! -e $cache/$1 ]] || return 0
  "$compiler" "$2" --out "$cache/$1.new" -r:"$(dirname "$2")/*.dll" "@$cache/references.rsp" --targetos linux -O \
    >"$cache/$1.log" 2>&1 || : >"$cache/$1.new"
  mv "$cache/$1.new" "$cache/$1"
}

main
