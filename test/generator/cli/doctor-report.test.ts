import type { EngineFindings } from 'netgen/nats'
import { describe, expect, test } from 'vitest'
import { reportEngine } from '../../../generator/cli/doctor-report.js'

const PLAIN: EngineFindings = {
  servers: ['localhost:4222'],
  version: '2.9.10',
  clusterAddresses: undefined,
  roundTripMs: 0.44,
  maxPayloadBytes: 1_048_576,
  missing: [],
  jetStream: { isThere: true, streams: 2, storageBytes: 1_288_490, maxStorageBytes: 10 * 1_024 ** 3 },
  monitoring: undefined,
}

const CALLS = 'a call that may have run says so when it fails; live events arrive at most once, and gaps are told'
const KILL = 'an acknowledged durable event survives the kill of any process: of publisher, subscriber and server'
const POWER = 'it does not survive a power loss of a single server that has not written it to its disk yet'
const DISK = 'it does not survive the loss of the disk: three servers and three replicas of each stream do'

describe('the report on an engine', () => {
  test('says what was found, and what is promised with that', () => {
    expect(reportEngine(PLAIN, 'notes')).toEqual({
      facts: [
        'nats-server 2.9.10 answers at localhost:4222, in 0.4 ms',
        'it is in no cluster',
        'a message may have 1 MiB',
        'this user may do what a peer of group "notes" needs',
        'JetStream holds 1.2 MiB in 2 streams, and may hold 10 GiB',
        'what it has acknowledged is on its disk within 2 min; before nats-server 2.10 that cannot be set',
      ],
      warnings: [],
      problems: [],
      promises: [CALLS, KILL, POWER, DISK],
    })
  })

  test.each<[string, Partial<EngineFindings>, string]>([
    ['cluster', { clusterAddresses: 3 }, 'it is in a cluster, of which it names 3 addresses'],
    [
      'JetStream that is empty and has no limit',
      { jetStream: { isThere: true, streams: 0, storageBytes: 0, maxStorageBytes: undefined } },
      'JetStream holds nothing, and may hold as much as its server can',
    ],
    [
      'JetStream that is not there',
      { jetStream: { isThere: false, cause: 'nobody', reason: 'no server has it' } },
      'there is no JetStream for this user: no server has it',
    ],
    [
      'sync_interval that is not known',
      { version: '2.10.4' },
      'when what it has acknowledged is on its disk is not known, 2 min unless sync_interval says otherwise: name its monitoring port, as in --monitoring http://localhost:8222',
    ],
    [
      'sync_interval that is known',
      { version: '2.10.4', monitoring: { clockAheadMs: 3, syncIntervalMs: 10_000 } },
      'what it has acknowledged is on its disk within 10 s (sync_interval)',
    ],
    [
      'sync_interval of always',
      { version: '2.10.4', monitoring: { clockAheadMs: 3, syncIntervalMs: 0 } },
      'what it has acknowledged is on its disk (sync_interval: always)',
    ],
    ['clock', { monitoring: { clockAheadMs: -7_200, syncIntervalMs: undefined } }, 'its clock is 7.2 s behind'],
    ['clock', { monitoring: { clockAheadMs: 900, syncIntervalMs: undefined } }, 'its clock is 900 ms ahead'],
    ['clock', { monitoring: { clockAheadMs: -20, syncIntervalMs: undefined } }, "its clock is this machine's"],
  ])('finds a %s', (_, change, fact) => {
    expect(reportEngine({ ...PLAIN, ...change }, 'notes').facts).toContain(fact)
  })

  test.each<[Partial<EngineFindings>, string[]]>([
    [
      { version: '2.10.4', monitoring: { clockAheadMs: 0, syncIntervalMs: 0 } },
      [CALLS, KILL, 'it survives a power loss of the server', DISK],
    ],
    [{ monitoring: { clockAheadMs: 0, syncIntervalMs: 0 } }, [CALLS, KILL, POWER, DISK]],
    [
      { clusterAddresses: 3 },
      [CALLS, KILL, POWER, 'where its stream has three replicas, it survives the loss of one server, with its disk'],
    ],
  ])('promises with %j what it can', (change, promises) => {
    expect(reportEngine({ ...PLAIN, ...change }, 'notes').promises).toEqual(promises)
  })

  test.each<[Partial<EngineFindings>, string]>([
    [
      { jetStream: { isThere: false, cause: 'nobody', reason: 'no server has it' } },
      'they need JetStream: start nats-server with -js',
    ],
    [
      { jetStream: { isThere: false, cause: 'refused', reason: 'this user may not publish to $JS.API.INFO' } },
      'they need JetStream: permit it to this user, as `netgen doctor --group "two words" --permissions --durable` prints it',
    ],
    [
      { jetStream: { isThere: false, cause: 'account', reason: 'JetStream not enabled for account' } },
      "they need JetStream: enable it for this user's account",
    ],
    [
      { jetStream: { isThere: false, cause: 'unclear', reason: 'it does not answer' } },
      'they need JetStream: see in the log of nats-server why it is not there',
    ],
    [{ version: '2.9.2' }, 'they take nats-server 2.9.3 or newer'],
  ])('says what durable events lack, with what to do: %j', (change, remedy) => {
    expect(reportEngine({ ...PLAIN, ...change }, 'two words').promises).toEqual([CALLS, `no durable events: ${remedy}`])
  })

  test('warns of clocks that differ, and of a server that is too old for durable events', () => {
    const monitoring = { clockAheadMs: 1_500, syncIntervalMs: undefined }
    expect(reportEngine({ ...PLAIN, version: '2.9.2', monitoring }, 'notes').warnings).toEqual([
      'the clocks differ: times in logs and of events mislead, and credentials may end too early',
      'durable events take nats-server 2.9.3 or newer',
    ])
  })

  test('says in a cluster that a monitoring port is that of one server', () => {
    const monitoring = { clockAheadMs: 0, syncIntervalMs: 0 }
    const report = reportEngine({ ...PLAIN, version: '2.10.4', clusterAddresses: 3, monitoring }, 'notes')
    expect(report.warnings).toEqual([
      'what a monitoring port says is of its own server: ask the others of the cluster too',
    ])
    expect(report.promises).toContain('it survives a power loss of the server that was asked')
  })

  test('names what a peer cannot do without', () => {
    const missing = [{ verb: 'hear', subject: 'ng.notes.beat', permit: 'ng.notes.>' }] as const
    const report = reportEngine({ ...PLAIN, missing }, 'notes')
    expect(report.problems).toEqual(['this user may not hear ng.notes.beat: permit ng.notes.> to it'])
    expect(report.facts.join()).not.toContain('may do what')
  })
})
