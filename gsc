#!/bin/sh
exec '/tmp/s/equip/.venv/bin/python' -P -m obsy.engine.sky.gsc "$@"
