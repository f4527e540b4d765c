#!/bin/sh
# Buckets of InfluxDB 2.x for the hub. Usage: HUB_ORG=org sh provision-2.sh DATABASE
# The address and a token with the right to make buckets come from the influx client's own configuration or INFLUX_HOST, INFLUX_TOKEN.
set -eu
database=${1:?name of history.database}
org=${HUB_ORG:?organisation}
bucket() { # name, retention (0: for ever), length of a shard group
  if influx bucket list --org "$org" --name "$database/$1" >/dev/null 2>&1; then
    id=$(influx bucket list --org "$org" --name "$database/$1" --hide-headers | cut -f1)
    influx bucket update --id "$id" --retention "$2"
  else
    influx bucket create --org "$org" --name "$database/$1" --retention "$2" --shard-group-duration "$3"
  fi
}
bucket five_minutes "${FIVE_MINUTES:-90d}" 1d
bucket hours "${HOURS:-730d}" 7d
bucket days "${DAYS:-0}" 364d
bucket telemetry "${TELEMETRY:-730d}" 1d
