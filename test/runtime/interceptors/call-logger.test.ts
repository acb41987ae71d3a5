import { createCallLogger } from 'netgen/interceptors'
import type { LogFields, Logger, Peer } from 'netgen/runtime'
import { createMemoryNetwork, type MemoryNetwork } from 'netgen/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { flags, quotaReached } from '../../../fixtures/behaviour/generated/flags.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { FlagsOf } from '../behaviour/flag-handlers.js'
import { Handlers } from '../behaviour/handlers.js'
import { catchError, silent } from '../behaviour/harness.js'

describe('the call logger', () => {
  let network: MemoryNetwork
  let here: Peer
  let other: Peer
  let lines: [level: string, message: string, fields: LogFields][]

  beforeEach(async () => {
    network = createMemoryNetwork()
    lines = []
    here = await network.createPeer({ logger: record(), interceptors: { caller: [createCallLogger()] } })
    const noisy = createCallLogger({ level: 'warn' })
    other = await network.createPeer({ logger: record(), interceptors: { callee: [noisy] } })
    other.connect(schema, new Handlers())
  })
  afterEach(() => network.close())

  function record(): Logger {
    const write = (level: string) => (message: string, fields: LogFields) => lines.push([level, message, fields])
    return { ...silent, info: write('info'), warn: write('warn') }
  }

  test('writes a line for a call at each side, at its level', async () => {
    const { host, port, group } = other
    const [target] = await here.peers()
    await here.connect(schema).greet({ peer: target ?? '' })
    const durationMs = expect.any(Number)
    const shared = { tag: 'schema.greet', durationMs, code: 'ok' }
    expect(lines).toEqual([
      ['warn', 'call ended', { side: 'callee', peer: here.id, ...shared }],
      ['info', 'call ended', { side: 'caller', peer: `${group}@${host}:${port}`, ...shared }],
    ])
    for (const [, , fields] of lines) expect(fields['durationMs']).toBeGreaterThan(0)
  })

  test('names the target as it was given, and none for a call of its own', async () => {
    here.connect(schema, new Handlers())
    await here.connect(schema).greet({ peer: other.id })
    await here.connect(schema).greet()
    expect(lines.filter(([level]) => level === 'info').map(([, , fields]) => fields['peer'])).toEqual([
      other.id,
      undefined,
    ])
  })

  test.each([
    ['type', 'unknown'],
    ['own', 'unknown'],
    ['nothing', 'unknown'],
  ])('writes the code of an error and nothing of its text: %s', async (kind, code) => {
    await catchError(here.connect(schema).fail(kind, { peer: other.id }))
    expect(lines.map(([, , fields]) => fields['code'])).toEqual([code, code])
    expect(JSON.stringify(lines)).not.toMatch(/no such thing|stout/)
  })

  test('writes the code of a declared error, and of a deadline', async () => {
    await catchError(here.connect(schema).keep({ id: 'full', body: '' }, { peer: other.id }))
    await catchError(here.connect(schema).wait({ ms: 60_000 }, { peer: other.id, timeoutMs: 20 }))
    const ended = () => lines.filter(([, message]) => message === 'call ended')
    await expect.poll(ended).toHaveLength(4)
    const codes = (level: string) => ended().flatMap(([at, , fields]) => (at === level ? [fields['code']] : []))
    expect(codes('info')).toEqual(['failed_precondition', 'deadline_exceeded'])
    expect(codes('warn')).toEqual(['failed_precondition', expect.stringMatching(/^(?:deadline_exceeded|canceled)$/)])
  })

  test('writes the tag of a flag, and nothing of its data', async () => {
    other.connect(flags, new FlagsOf())
    await catchError(here.connect(flags).ask('quota', { peer: other.id }))
    here.onFlag(quotaReached, () => 1)
    await here.connect(flags).ask('quota', { peer: other.id })
    const flag = { code: 'flag', flag: 'flags.quotaReached' }
    expect(lines.map(([, , fields]) => fields)).toMatchObject([flag, flag, flag, { code: 'ok' }])
    expect(JSON.stringify(lines)).not.toContain('limit')
  })

  test('refuses a level that no logger has', () => {
    expect(() => createCallLogger({ level: 'loud' as never })).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        message: 'level is "loud", expected one of debug, info, warn, error',
      }),
    )
  })
})
