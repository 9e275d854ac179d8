module notifymatters/gob-peer

go 1.26
