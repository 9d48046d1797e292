#!/usr/bin/env bash
# Copies what a restore needs, while Circlekeeper runs. The file `generation` is never copied: by it
# a restore is noticed. See docs/operators.md, "Back up".
#
#   backup.sh database FOLDER TARGET    the sealed database (PostgreSQL: set DATABASE_URL)
#   backup.sh keys     FOLDER TARGET    the keys, tokens and settings; keep them somewhere else
set -euo pipefail
umask 077

usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

[ $# -eq 3 ] || usage
what=$1 folder=$2 target=$3
[ -d "$folder" ] || { echo "backup: there is no folder $folder" >&2; exit 1; }
mkdir -p "$target"
now=$(date -u +%Y%m%dT%H%M%SZ)

backup_sqlite() {
    local from=$folder/circlekeeper.db to=$target/circlekeeper-$now.db
    [ -f "$from" ] || { echo "backup: there is no $from; for PostgreSQL set DATABASE_URL" >&2; exit 1; }
    # SQLite's own way to copy a database in use; Python has it wherever Circlekeeper runs
    python3 - "$from" "$to.part" <<'PYTHON'
import sqlite3, sys
source = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True, timeout=60)
copy = sqlite3.connect(sys.argv[2])
with copy:
    source.backup(copy)
(found,) = copy.execute("PRAGMA integrity_check").fetchone()
copy.close()
source.close()
sys.exit(0 if found == "ok" else f"backup: the copy is damaged: {found}")
PYTHON
    mv "$to.part" "$to"
    echo "$to"
}

backup_postgres() {
    local to=$target/circlekeeper-$now.dump
    pg_dump --format=custom --no-owner --file "$to.part" "$DATABASE_URL"
    mv "$to.part" "$to"
    echo "$to"
}

backup_keys() {
    local to=$target/circlekeeper-keys-$now
    mkdir "$to"
    for name in circlekeeper.keys recovery.key registration.yaml circlekeeper.yaml; do
        cp -p "$folder/$name" "$to/$name"
    done
    if [ -d "$folder/helplines" ]; then cp -pR "$folder/helplines" "$to/helplines"; fi
    echo "$to"
}

case $what in
    database) if [ -n "${DATABASE_URL:-}" ]; then backup_postgres; else backup_sqlite; fi ;;
    keys) backup_keys ;;
    *) usage ;;
esac
