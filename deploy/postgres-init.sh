#!/bin/sh
# Makes Circlekeeper's own user and database when PostgreSQL starts for the first time.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set password="$CIRCLEKEEPER_DB_PASSWORD" <<'SQL'
CREATE ROLE circlekeeper LOGIN PASSWORD :'password';
CREATE DATABASE circlekeeper OWNER circlekeeper;
REVOKE CONNECT ON DATABASE circlekeeper FROM PUBLIC;
SQL
