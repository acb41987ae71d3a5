import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

describe('an import of netgen itself', () => {
  test('says which entry to import from', async () => {
    await expect(import('../../runtime/no-entry.js')).rejects.toThrow(
      /^netgen has no entry of its own: a schema file imports from 'netgen\/schema', a program from 'netgen\/runtime', its tests from 'netgen\/testing'$/,
    )
  })

  // Node refuses a name that a module does not export, before the module can say anything.
  test('says so for every name that an entry has', async () => {
    const modules: object[] = await Promise.all([
      import('netgen/schema'),
      import('netgen/runtime'),
      import('netgen/interceptors'),
      import('netgen/nats'),
      import('netgen/opentelemetry'),
      import('netgen/testing'),
      import('netgen/testing/arbitrary'),
      import('netgen/generator'),
    ])
    const listed = [...read('runtime/no-entry.ts').matchAll(/nothing as (\w+)/g)].map(([, name]) => name)
    expect(listed.toSorted()).toEqual(modules.flatMap((module) => Object.keys(module)).toSorted())
  }, 60_000)

  test('has no name for the type checker, and for editors none to offer', () => {
    expect(read('dist/runtime/no-entry.d.ts')).not.toContain(' as ')
  })
})
