import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { CountReporter } from './count-reporter.js'

/** What holds contracts on times, between processes that need the machine for themselves. */
const TIMED = [
  'test/e2e/faults/deadlines.test.ts',
  'test/e2e/faults/kills.test.ts',
  'test/e2e/faults/stopped.test.ts',
  'test/e2e/network/**/*.test.ts',
  'test/e2e/overload.test.ts',
  'test/e2e/rolling-restarts.test.ts',
  'test/e2e/watch.test.ts',
  'test/security/slow/**/*.test.ts',
  'test/security/stall/**/*.test.ts',
  'test/nats/calls-in-a-cluster.test.ts',
  'test/nats/cut.test.ts',
  'test/nats/liveness.test.ts',
  'test/nats/durable/{kills,away,cluster}.test.ts',
  'test/nats/outage.test.ts',
  'test/runtime/transport/http/idle-close.test.ts',
]
const NOT_TESTS = 'test/bench/**'

/** Vitest leaves one processor to itself, which of two is half of the machine; these files wait more than they compute. */
const WORKERS = Math.max(2, availableParallelism() - 1)

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

export default defineConfig({
  root: fromRoot('.'),
  resolve: {
    // Sources under test are the ones in the tree, not a build that may be old.
    alias: {
      'netgen/schema': fromRoot('schemas/schema.ts'),
      'netgen/runtime/v1': fromRoot('runtime/v1.ts'),
      'netgen/runtime': fromRoot('runtime/runtime.ts'),
      'netgen/interceptors': fromRoot('runtime/interceptors.ts'),
      'netgen/nats': fromRoot('runtime/nats.ts'),
      'netgen/opentelemetry': fromRoot('runtime/opentelemetry.ts'),
      'netgen/testing/arbitrary': fromRoot('schemas/arbitrary/create-arbitrary.ts'),
      'netgen/testing': fromRoot('runtime/testing.ts'),
      'netgen/generator': fromRoot('generator/generator.ts'),
    },
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine may take its time: where a limit is promised, the test measures it.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [NOT_TESTS, ...TIMED],
          maxWorkers: WORKERS,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: TIMED, exclude: [NOT_TESTS], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
    reporters: ['default', new CountReporter()],
  },
})
