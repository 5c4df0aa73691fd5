.DEFAULT_GOAL := help
MVN := mvn -B -ntp

.PHONY: help verify fast format demo torture bench clean

# prints the targets and the Maven line behind each
help:
	@awk -F ':.*## ' '/^[a-z]+:.*## /{t=$$1; d=$$2; getline; sub(/^\t@?/, ""); gsub(/\$$\(MVN\)/, "$(MVN)"); printf "%-8s %-58s %s\n", t, d, $$0}' $(MAKEFILE_LIST)

verify: ## all checks and all tests, the integration tests included
	$(MVN) verify

fast: ## compiles and packages, no tests, no style check
	$(MVN) -q -Pfast package

format: ## formats the sources
	$(MVN) -q spotless:apply

demo: ## runs the shop on two nodes
	mvn -q -Pdemo

torture: ## random faults against the Redis tier for 30 minutes
	$(MVN) -Ptorture -pl cache-redis -am verify -Dtorture.minutes=30

bench: ## runs the JMH benchmarks (see benchmarks/README.md)
	$(MVN) -q -Pbench -pl benchmarks -am package -DskipTests

clean: ## removes what was built
	$(MVN) -q clean
