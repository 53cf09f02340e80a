#!/usr/bin/env -S node --
// The dashes keep Node 20 from taking keyturn's own --env-file for its own.
import { main } from '../dist/cli.js';

process.exitCode = await main(process.argv.slice(2));
