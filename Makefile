# The README's commands. The build itself is Meson's; see meson.build.
.POSIX:
.PHONY: help build demo test soak bench format lint coverage install sanitized single fuzz deb docs abi clean

PORT    = 8000
PREFIX  = /usr/local
SECONDS = 60
CC      = gcc

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

build: ## build the library, the tool and the school into build/
	@tools/bootstrap build
	@[ -f build/build.ninja ] || { echo "Building: some minutes the first time"; \
	    CC="$(CC)" meson setup build -Dtests=false >build-setup.log 2>&1 || { cat build-setup.log; exit 1; }; }
	@rm -f build-setup.log
	@flock build/.building ninja -C build --quiet

demo: build ## serve the school with its demo data at http://127.0.0.1:$(PORT)/
	@examples/school/demo $(PORT)

test: ## build with the sanitizers and run every test
	@tools/bootstrap build test
	@tests/run

soak: ## ten million statements, and minutes of 500 fibers, on PostgreSQL and MariaDB
	@tools/bootstrap build test
	@tests/run --long

bench: build ## measure against the peers, as ratios of one run
	@tools/bootstrap bench
	@bench/run

format: ## format the tree
	@tools/bootstrap test
	@tools/format

lint: ## check the format and the layers
	@tools/bootstrap test
	@tools/format --check
	@tools/layers

coverage: ## run the unit tests with coverage; the report goes to build-coverage/
	@tools/bootstrap build test coverage
	@tools/coverage

fuzz: ## fuzz each parser for SECONDS (60)
	@tools/bootstrap build test
	@fuzz/run --seconds $(SECONDS)

sanitized: ## build and install the library with the sanitizers, beside the other, for development
	@tools/bootstrap build
	@[ -f build-sanitized/build.ninja ] || CC="$(CC)" meson setup build-sanitized --buildtype=debugoptimized -Dtests=false -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
	@meson configure build-sanitized -Dprefix="$(PREFIX)" >/dev/null
	@meson install -C build-sanitized --quiet

single: build ## the school as one static file, build/single
	@tools/bootstrap single
	@tools/single build

install: build ## install the library, headers and tool under PREFIX (/usr/local)
	@meson configure build -Dprefix="$(PREFIX)" >/dev/null
	@meson install -C build --quiet

deb: build ## make Debian packages in packages/
	@tools/deb build

docs: ## build the documentation as a site into build-docs/site
	@tools/docs

abi: ## compare the library's symbols and structs with those of the last tag
	@tools/bootstrap build
	@CC="$(CC)" tools/abi

clean: ## remove what was built
	@rm -rf build build-*
