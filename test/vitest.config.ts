import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { CountReporter } from './count-reporter.js'

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
      'netgen/opentelemetry': fromRoot('runtime/opentelemetry.ts'),
      'netgen/testing/arbitrary': fromRoot('schemas/arbitrary/create-arbitrary.ts'),
      'netgen/testing': fromRoot('runtime/testing.ts'),
      'netgen/generator': fromRoot('generator/generator.ts'),
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    testTimeout: 30_000,
    reporters: ['default', new CountReporter()],
  },
})
