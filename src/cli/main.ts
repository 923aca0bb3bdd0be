#!/usr/bin/env node
import { optimizePatiently } from './compiler.ts';
import type { Engine } from './engine.ts';
import { processIo } from './process-io.ts';
import { main } from './program.ts';

const engine: Engine = {
  scenarios: () => import('../scenario/index.ts'),
  runs: async () => {
    const [{ ScenarioRun }, { suggestExpectations }, { heapIsFull }] = await Promise.all([
      import('../run/run.ts'),
      import('../run/suggest.ts'),
      import('./memory.ts'),
    ]);
    return {
      startRun: (scenario, options) => new ScenarioRun(scenario, { ...options, outOfMemory: heapIsFull }),
      suggestExpectations,
    };
  },
};

optimizePatiently();

// The code is set and not forced, so that what was written to a pipe still gets through.
process.exitCode = await main(process.argv.slice(2), processIo(), engine);
