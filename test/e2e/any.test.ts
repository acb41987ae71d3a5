import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { any, createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../fixtures/behaviour/generated/schema.js'
import { silent } from '../runtime/behaviour/harness.js'
import { type PeerProcess, startPeerProcess } from './start-peer-process.js'

describe('calls that choose among processes', () => {
  let registry: string
  let here: Peer
  let stub: SchemaStub
  let processes: PeerProcess[]

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    here = await createPeer({ registry, port: 0, logger: silent })
    stub = here.connect(schema)
    processes = await Promise.all([0, 1, 2].map(() => startPeerProcess(registry)))
  })
  afterEach(async () => {
    await here.close()
    await Promise.all(processes.map((started) => started.kill()))
    await rm(registry, { recursive: true })
  })

  /** Makes calls one after the other in several lines, and tells of every hundredth. */
  async function callMany(calls: number, onHundred: (done: number) => void): Promise<string[]> {
    const texts: string[] = []
    let begun = 0
    const line = async (): Promise<void> => {
      while (begun < calls) {
        const text = String(begun++)
        texts.push(await stub.put({ name: 'a', text }, { peer: any() }))
        if (texts.length % 100 === 0) onHundred(texts.length)
      }
    }
    await Promise.all(Array.from({ length: 8 }, line))
    return texts
  }

  test('idempotent ones all succeed while one process after the other is killed, until the last', async () => {
    const killed: Promise<void>[] = []
    const texts = await callMany(1_000, (done) => {
      if (done === 300 || done === 600) killed.push((processes.shift() as PeerProcess).kill())
    })
    expect(new Set(texts).size).toBe(1_000)
    await Promise.all(killed)
    expect(killed).toHaveLength(2)
    expect(await stub.greet({ peer: any() })).toBe(`hello from ${processes[0]?.process.pid}`)
  })
})
