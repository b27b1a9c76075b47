#!/bin/sh
# Run by the PostgreSQL image when its data directory is new. The API and the workers log in as these
# roles, which own nothing, so that row-level security holds for them; migrations keep roles they find.
set -eu
psql -v ON_ERROR_STOP=1 -v api="$MILLRACE_API_PASSWORD" -v worker="$MILLRACE_WORKER_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE millrace_api LOGIN PASSWORD :'api';
CREATE ROLE millrace_worker LOGIN PASSWORD :'worker';
SQL
