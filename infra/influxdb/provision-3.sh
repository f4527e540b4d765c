#!/bin/sh
# Databases of InfluxDB 3 for the hub. Usage: sh provision-3.sh DATABASE
# The address and an admin token come from INFLUXDB3_HOST_URL and INFLUXDB3_AUTH_TOKEN.
set -eu
database=${1:?name of history.database}
influxdb3 create database --retention-period "${FIVE_MINUTES:-90d}" "$database/five_minutes"
influxdb3 create database --retention-period "${HOURS:-730d}" "$database/hours"
influxdb3 create database "$database/days"
influxdb3 create database --retention-period "${TELEMETRY:-730d}" "$database/telemetry"
