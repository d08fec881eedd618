#!/usr/bin/env node
// Starts the binary of this platform's package. All work is done there; nothing here but finding it.
'use strict';

const { spawnSync } = require('node:child_process');

const isMusl = () =>
  process.platform === 'linux' && !process.report?.getReport?.().header?.glibcVersionRuntime;

const suffix = isMusl() ? '-musl' : '';
const platform = `${process.platform}-${process.arch}${suffix}`;

let binary;
try {
  binary = require.resolve(`@driftless/cli-${platform}/driftless`);
} catch {
  console.error(`error: driftless has no binary for ${platform} here`);
  console.error(
    'help: install without --omit=optional, or `cargo install --locked driftless-cli` where Rust is',
  );
  process.exit(70);
}

const { status, signal, error } = spawnSync(binary, process.argv.slice(2), { stdio: 'inherit' });
if (error) {
  console.error(`error: ${binary} cannot be started: ${error.message}`);
  process.exit(70);
}
// The binary ends by itself on Ctrl-C; whoever started this has to see the same end.
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 70);
