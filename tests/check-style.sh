#!/usr/bin/env bash
# Prints each line of a tracked text file that has a word of tests/words.txt or more than 120 characters.
# Exits with 1 if there is one. The brackets in that list keep it from matching itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Characters, not bytes.
export LC_ALL=C.UTF-8

most=120
mapfile -t exceptions < <(sed 's/^/:(exclude)/' tests/words-exceptions.txt)
# Generated or third-party files, and those whose line breaks have a meaning.
long_lines=(
  ':(exclude)src/SessionWeb/Data/Migrations' ':(exclude)SessionWeb.sln' ':(exclude)LICENSE' ':(exclude)*.patch'
  ':(exclude)*package-lock.json' ':(exclude)bench-results*.json' ':(exclude)*.svg' ':(exclude)*.min.*'
  ':(exclude)tests/SessionWeb.IntegrationTests/Fixtures/*.xml'
)

main() {
  local hits=0
  git grep -nIwiE -f tests/words.txt -- . "${exceptions[@]}" && hits=1
  git grep -nIE "^.{$((most + 1)),}" -- . "${long_lines[@]}" && hits=1
  return $hits
}

main
