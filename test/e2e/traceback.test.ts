import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readReadmeOutput } from './readme-blocks.js'
import { type Chain, type ChainRun, startChain } from './start-chain.js'

describe('a call through four processes that fails in the last', () => {
  let registry: string
  let chain: Chain

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    chain = await startChain(registry)
  })
  afterAll(async () => {
    await chain.close()
    await rm(registry, { recursive: true })
  })

  const call = (how: 'console' | 'format' | 'uncaught'): Promise<ChainRun> => chain.call(how)

  test('is one traceback by console.error, as the README shows it', async () => {
    const { stderr, exitCode } = await call('console')
    expect(stderr).toBe(readReadmeOutput('console.error'))
    expect(exitCode).toBe(0)
  })

  test('is one traceback with its source by formatTraceback', async () => {
    await expect((await call('format')).stdout).toMatchFileSnapshot('../../fixtures/chain/printed.txt')
  })

  test('is the same where Node dies of it', async () => {
    const { stderr, exitCode } = await call('uncaught')
    // Another line of the same file called.
    expect(stderr).toContain(readReadmeOutput('console.error').replace('/app/main.ts:18:9', '/app/main.ts:15:9'))
    expect(stderr).not.toMatch(/netgen|dist\/runtime|runtime\/call/)
    expect(exitCode).toBe(1)
  })
})
