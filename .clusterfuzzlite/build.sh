#!/usr/bin/env bash
# Puts every fuzz target with its seeds, dictionary and options into $OUT, as OSS-Fuzz and
# ClusterFuzzLite want it. They set SRC, OUT and SANITIZER; fuzz/test-build does so without them.
#
# third_party stays out: what it finds is for the authors of other crates, not for a public tracker.
set -euo pipefail
cd "$SRC/cookiespec"

# Long enough for all limits of the texts: 4096 octets of a pair, 1024 of an attribute.
longest=8192

# With debug assertions, as `cargo fuzz run` builds it, too.
cargo fuzz build --release --debug-assertions --sanitizer "$SANITIZER"

# A program of this machine: the flags of a fuzz target would break its build scripts.
seeds=$(mktemp -d)
env -u RUSTFLAGS cargo run --quiet --package cookiespec-oracles --no-default-features --locked \
    --example seeds -- "$seeds"

cp fuzz/cookie.dict "$OUT/"
for target in $(cargo fuzz list | grep -vx third_party); do
    cp "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
    regressions=corpus/regressions/$target
    if [ -d "$regressions" ]; then cp "$regressions"/* "$seeds/$target/"; fi
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$seeds/$target" && find . -type f | sort | zip -q -@ "$OUT/${target}_seed_corpus.zip")
    printf '[libfuzzer]\ndict = cookie.dict\nmax_len = %s\n' "$longest" >"$OUT/$target.options"
done
rm -r "$seeds"
