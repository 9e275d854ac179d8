module notifymatters.test/host

go 1.26
