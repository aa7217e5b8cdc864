# Fairlead: what a developer runs. `make` alone prints this list.

.DEFAULT_GOAL := help
.PHONY: help build test retest demo bench conformance soak lint format clean deps

SWIFT ?= swift
RELEASE := .build/release
# Tests block threads and share two cores and the kernel's neighbour tables: more at once take longer, and starve each other.
TESTS_AT_ONCE ?= 4
TEST_RESULTS := .build/tests-swift-testing.xml
FORMATTED := Package.swift Sources Tests bench

# To build: the headers of the two netlink libraries. To test and to show: nft and conntrack look at what the kernel holds,
# ip makes the namespaces of the demo, curl is its client, socat is the stranger in a test, openssl makes certificates, iptables
# writes the rules of a kube-proxy that is taken over from, Prometheus reads the metrics; containerd and podman run pods of a busybox;
# Python's client of Kubernetes is a client of the API.
PACKAGES := libnftnl-dev libmnl-dev libsqlite3-dev nftables iptables conntrack iproute2 curl socat openssl prometheus \
    containerd runc podman conmon busybox-static python3-kubernetes

help: ## Print this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

build: deps ## Build fairlead, fairlead-cni and fairlead-bench for use (release), into .build/release
	$(SWIFT) build -c release --product fairlead
	$(SWIFT) build -c release --product fairlead-cni
	$(SWIFT) build -c release --product fairlead-bench

test: deps ## Run the unit tests and, as root, those with real packets in network namespaces
	@[ "$$(id -u)" = 0 ] || echo "make test: not root: tests in network namespaces are skipped (in CI they fail)" >&2
	@rm -f $(TEST_RESULTS)
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(TESTS_AT_ONCE) $(SWIFT) test --xunit-output .build/tests.xml

retest: ## Run the suites in which `make test` failed once more, one test at a time
	@failed=$$(awk -F'"' '/<testcase/ { suite = $$2 } /<failure/ { gsub(/\./, "[./]", suite); print "^" suite "/" }' $(TEST_RESULTS) \
	    | sort -u | paste -sd'|'); \
	[ -n "$$failed" ] || { echo "make retest: 'make test' has left no list of failed tests" >&2; exit 1; }; \
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=1 $(SWIFT) test --skip-build --filter "$$failed"

demo: build ## Show a cluster at work in network namespaces of its own, in under a minute (root)
	@FAIRLEAD=$(RELEASE)/fairlead FAIRLEAD_BENCH=$(RELEASE)/fairlead-bench FAIRLEAD_CNI=$(RELEASE)/fairlead-cni demo/run

# BENCH= holds further words for bench/run, such as '--kube-proxy FILE compare'; bench/run --help lists them.
bench: build ## Measure syncs, changes, packets, the API server and CNI calls, in namespaces; some minutes (root)
	bench/run $(BENCH)

conformance: deps ## Test against a real kube-apiserver: APISERVER=path ETCD=path, with kubectl and etcdctl at hand (root)
	@[ -x "$(APISERVER)" ] && [ -x "$(ETCD)" ] || { echo "make conformance: APISERVER= and ETCD= name programs" >&2; exit 2; }
	FAIRLEAD_APISERVER="$(APISERVER)" FAIRLEAD_ETCD="$(ETCD)" $(SWIFT) test --filter ConformanceTests

soak: build ## Make 200,000 changes at 1,000/s under connections, with kills of the daemon; about 4 minutes (root)
	$(RELEASE)/fairlead-bench soak

lint: ## Check the format of every Swift file
	$(SWIFT) format lint -s -r $(FORMATTED)

format: ## Format every Swift file in place
	$(SWIFT) format -i -r $(FORMATTED)

clean: ## Remove everything that was built
	rm -rf .build .build-dist bench/results

deps: ## Install the Debian packages that are lacking (root), if any are
deps: NEEDED = $(PACKAGES)
deps packagedeps:
	@missing=; for package in $(NEEDED); do \
	    [ "$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" != 0 ]; then echo "make $@: as root, run: apt-get install$$missing" >&2; exit 1; fi; \
	echo "make $@: installing$$missing"; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -q && apt-get install -q -y --no-install-recommends $$missing

include packaging/package.mk
