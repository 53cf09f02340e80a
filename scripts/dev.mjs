// keyturn straight from the sources: Node 24 strips the types itself. What works here works from the build, too.
//   node [--inspect-brk] scripts/dev.mjs plan …
import { main } from '../src/cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
