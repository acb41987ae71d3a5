import { describe, expect, test } from 'vitest'
import { useTemporaryFolder } from '../../runtime/discovery/temporary-folder.js'
import { startProgram } from './start-program.js'

const registry = useTemporaryFolder()

describe('the example', () => {
  test('of a simple connection runs the same function here, and in two other processes', async () => {
    const servers = [
      startProgram(registry(), 'simple-connection/server.ts'),
      startProgram(registry(), 'simple-connection/server.ts'),
    ]
    const ids = await Promise.all(servers.map(async (server) => (await server.whenPrinted(1))[0]))
    const caller = startProgram(registry(), 'simple-connection/caller.ts')
    expect(await caller.end(false)).toBe(0)
    const [here, ...there] = caller.lines
    expect(here).toBe('here 50 true')
    expect([...there].sort()).toEqual(ids.map((id) => `there 50 ${id}`).sort())
    expect(await Promise.all(servers.map((server) => server.end()))).toEqual([0, 0])
  }, 60_000)

  test('of a tagged connection has two versions in groups of their own call each other, in three processes', async () => {
    const first = startProgram(registry(), 'tagged-connection/version1/main.ts', 'Ada')
    const second = startProgram(registry(), 'tagged-connection/version1/main.ts', 'Alan')
    await Promise.all([first.whenPrinted(1), second.whenPrinted(1)])
    const newer = startProgram(registry(), 'tagged-connection/version2/main.ts')
    expect([...(await newer.whenPrinted(2))].sort()).toEqual([
      'hello Grace, says Ada of version 1',
      'hello Grace, says Alan of version 1',
    ])
    expect(await first.whenPrinted(2)).toEqual(['ready', 'welcome dear Ada, says version 2'])
    expect(await second.whenPrinted(2)).toEqual(['ready', 'welcome dear Alan, says version 2'])
    expect(await Promise.all([first, second, newer].map((program) => program.end()))).toEqual([0, 0, 0])
  }, 60_000)
})
