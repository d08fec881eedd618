#!/usr/bin/env bash
# Deploys one released version to this host: scripts/deploy.sh v1.4.0
#
# Stops at the first step that fails. Up to step 6 nothing that customers use has changed; step 7
# either migrates completely or, migration by migration, not at all.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() {
  printf '\n==> %s\n' "$*"
}

step "1. Look at what is asked for"
version="${1:?usage: scripts/deploy.sh VERSION}"
: "${DATABASE_URL:?names the database to migrate, as the role race}"
: "${APP_DATABASE_URL:?names the same database, as the role race_app}"
: "${BACKUP_DATABASE_URL:?names the same database, as a role that may read everything}"
export RACE_VERSION="$version" DATABASE_URL APP_DATABASE_URL

step "2. Only one deployment at a time"
exec 9>"${TMPDIR:-/tmp}/race-deploy.lock"
if ! flock --nonblock 9; then
  echo "another deployment is running on this host" >&2
  exit 1
fi

step "3. Check out $version"
git fetch --tags --quiet
git checkout --quiet --detach "refs/tags/$version"

step "4. Build the image"
docker compose build --pull api

step "5. Check that the schema and its migrations agree"
docker compose run --rm --no-deps api pnpm run db:check

step "6. Back up the database"
backup="backups/$(date -u +%Y%m%dT%H%M%SZ)-before-$version.dump"
mkdir -p backups
# Not as race: row level security holds for the owner as well, and pg_dump refuses half a backup.
docker compose run --rm --no-deps -T postgres \
  pg_dump --format=custom --dbname="$BACKUP_DATABASE_URL" >"$backup.part"
mv "$backup.part" "$backup"
echo "written to $backup"

step "7. Migrate, inside a container of the new version"
docker compose run --rm --no-deps api pnpm run db:migrate

step "8. Start the new version and wait until it is healthy"
docker compose up --detach --no-deps --wait api
echo "$version is live"
