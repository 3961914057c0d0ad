#!/bin/sh
exec '/tmp/s/steps/.venv/bin/python' -P -m obsy.engine.sky.gsc "$@"
