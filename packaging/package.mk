# What is given to others: the static executables with their manual and completions, the image, the Debian package. Included by the Makefile.

.PHONY: static image deb package install uninstall packagetest packagedeps

# Everything that is made here; it may be deleted at any time.
DIST := .build-dist

IMAGE ?= localhost/fairlead
PREFIX ?= /usr/local
DESTDIR ?=
# The time of the last commit is that of everything in a package, so that the same commit gives the same bytes.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH

# The Swift toolchain has a C compiler beside it.
CLANG ?= $(dir $(shell command -v $(SWIFT)))clang

# libz.a; ar, strip and readelf.
PACKAGING_PACKAGES := zlib1g-dev binutils python3
# containerd and runc run the image, systemd its unit, mandoc checks the manual; none of them is started as a service of this system.
PACKAGETEST_PACKAGES := containerd runc systemd mandoc libcap2-bin procps

# The linker looks into this folder first, for the libmnl.a that Debian lacks.
STATIC_LIBRARIES := $(CURDIR)/$(DIST)/lib

static: packagedeps ## Link the executables statically, and put them with manual and completions into .build-dist
	mkdir -p $(STATIC_LIBRARIES)
	$(CLANG) -std=c17 -O2 -Wall -Wextra -Werror -c packaging/libmnl/mnl.c -o $(STATIC_LIBRARIES)/mnl.o
	ar rcsD $(STATIC_LIBRARIES)/libmnl.a $(STATIC_LIBRARIES)/mnl.o
	FAIRLEAD_STATIC=$(STATIC_LIBRARIES) $(SWIFT) build -c release --product fairlead
	FAIRLEAD_STATIC=$(STATIC_LIBRARIES) $(SWIFT) build -c release --product fairlead-cni
	packaging/collect $(RELEASE)/fairlead $(RELEASE)/fairlead-cni $(DIST)

image: static ## Make .build-dist/fairlead-image.tar, an OCI image archive
	packaging/image.py $(DIST)/fairlead $(DIST)/fairlead-cni $(IMAGE) "$$($(DIST)/fairlead --version)" $(DIST)/fairlead-image.tar

deb: static ## Make .build-dist/fairlead.deb, a Debian package
	packaging/deb $(DIST) $(DIST)/fairlead.deb

package: image deb ## Make the image and the Debian package

# What is installed, and from where: one line a file, `target source mode`.
BIN := $(PREFIX)/bin/fairlead
UNIT := $(PREFIX)/lib/systemd/system/fairlead.service
DOC := $(PREFIX)/share/doc/fairlead
INSTALLED := \
    $(BIN):$(DIST)/fairlead:755 \
    $(PREFIX)/lib/cni/fairlead-cni:$(DIST)/fairlead-cni:755 \
    $(UNIT):packaging/fairlead.service:644 \
    $(PREFIX)/share/man/man8/fairlead.8.gz:$(DIST)/fairlead.8.gz:644 \
    $(PREFIX)/share/bash-completion/completions/fairlead:$(DIST)/fairlead.bash:644 \
    $(PREFIX)/share/zsh/site-functions/_fairlead:$(DIST)/fairlead.zsh:644 \
    $(PREFIX)/share/fish/vendor_completions.d/fairlead.fish:$(DIST)/fairlead.fish:644 \
    $(DOC)/examples/config.yaml:packaging/config.yaml:644 \
    $(DOC)/examples/fairlead.yaml:packaging/kubernetes/fairlead.yaml:644 \
    $(foreach file,$(wildcard cni-conf/*.conflist),$(DOC)/examples/$(notdir $(file)):$(file):644)

install: ## Install what `make static` has built under PREFIX (/usr/local), with its systemd unit
	@[ -x $(DIST)/fairlead ] || { echo "make install: run 'make static' first" >&2; exit 1; }
	@for file in $(INSTALLED); do \
	    target=$${file%%:*} mode=$${file##*:} source=$${file#*:} source=$${source%:*}; \
	    install -D -m "$$mode" "$$source" "$(DESTDIR)$$target" || exit 1; \
	    echo "$(DESTDIR)$$target"; \
	done
	@sed -i 's,/usr/bin/fairlead,$(BIN),' "$(DESTDIR)$(UNIT)"

uninstall: ## Remove what `make install` has installed
	rm -f $(foreach file,$(INSTALLED),"$(DESTDIR)$(firstword $(subst :, ,$(file)))")
	@for folder in $(DOC)/examples $(DOC); do \
	    [ ! -d "$(DESTDIR)$$folder" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$$folder"; \
	done

packagetest: package ## Test what is given to others: in containerd, in an overlay of this system, under the unit's limits (root)
	packaging/test/run $(DIST)

packagedeps: NEEDED = $(PACKAGES) $(PACKAGING_PACKAGES) $(if $(filter packagetest,$(MAKECMDGOALS)),$(PACKAGETEST_PACKAGES))
