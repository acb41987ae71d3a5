import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Environment, readEnvironment } from '../../../runtime/peer/environment.js'
import { openTrust } from '../../../runtime/peer/open-trust.js'

const defaults: Environment = {
  group: 'default',
  hub: false,
  port: { kind: 'range', first: 3010, last: 3015 },
  host: undefined,
  key: undefined,
  keyFile: undefined,
  advertise: undefined,
  names: [],
  origins: [],
  peers: [],
  engine: [],
  engineCredentials: undefined,
  lan: false,
  scan: false,
  registry: join(homedir(), '.netgen'),
  concurrency: 64,
  logLevel: 'warn',
}

type Env = Readonly<Record<string, string | undefined>>

const NETWORK = ['HOST', 'KEY', 'KEY_FILE', 'ADVERTISE', 'NAMES', 'ORIGINS', 'PEERS', 'LAN', 'SCAN']
const ENGINE = ['ENGINE', 'ENGINE_CREDENTIALS']

describe('the environment', () => {
  test('says the defaults where nothing is set, and nothing counts as empty', () => {
    expect(readEnvironment({})).toEqual(defaults)
    const names = [
      'GROUP',
      'IS_HUB',
      'PORT_START',
      'PORT',
      'PORT_RANGE',
      'REGISTRY',
      'CONCURRENCY',
      'LOG',
      'DEV',
      ...NETWORK,
      ...ENGINE,
    ]
    const empty = Object.fromEntries(names.map((name) => [`NET_${name}`, '']))
    expect(readEnvironment(empty)).toEqual(defaults)
  })

  test.each<[Env, Partial<Environment>]>([
    [{ NET_GROUP: 'notes' }, { group: 'notes' }],
    [{ NET_GROUP: ' ' }, { group: ' ' }],
    [{ NET_IS_HUB: '1' }, { hub: true }],
    [{ NET_IS_HUB: 'True' }, { hub: true }],
    [{ NET_IS_HUB: 'YES' }, { hub: true }],
    [{ NET_IS_HUB: '0' }, { hub: false }],
    [{ NET_IS_HUB: 'false' }, { hub: false }],
    [{ NET_IS_HUB: 'no' }, { hub: false }],
    [{ NET_PORT_START: '4000' }, { port: { kind: 'range', first: 4000, last: 4005 } }],
    [{ NET_PORT: '4000' }, { port: { kind: 'range', first: 4000, last: 4005 } }],
    [{ NET_PORT: '4000', NET_PORT_START: '4000' }, { port: { kind: 'range', first: 4000, last: 4005 } }],
    [{ NET_PORT: '', NET_PORT_START: '4000' }, { port: { kind: 'range', first: 4000, last: 4005 } }],
    [{ NET_PORT_RANGE: '0' }, { port: { kind: 'range', first: 3010, last: 3010 } }],
    [{ NET_PORT_START: '65535', NET_PORT_RANGE: '9' }, { port: { kind: 'range', first: 65_535, last: 65_535 } }],
    [{ NET_REGISTRY: '/tmp/x' }, { registry: '/tmp/x' }],
    [{ NET_PEERS: ' 10.0.0.7:3010, there:3011 ,' }, { peers: ['10.0.0.7:3010', 'there:3011'] }],
    [{ NET_HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    [{ NET_KEY: 'a key' }, { key: 'a key' }],
    [{ NET_KEY_FILE: '/run/key' }, { keyFile: '/run/key' }],
    [{ NET_ADVERTISE: '203.0.113.7' }, { advertise: '203.0.113.7' }],
    [{ NET_NAMES: 'notes.example, ,other' }, { names: ['notes.example', 'other'] }],
    [{ NET_ORIGINS: 'https://a.example,' }, { origins: ['https://a.example'] }],
    [{ NET_LAN: '1' }, { lan: true }],
    [{ NET_SCAN: '1' }, { scan: true }],
    [{ NET_SCAN: 'no' }, { scan: false }],
    [{ NET_SCAN: 'arp, 192.168.1.0/24' }, { scan: ['arp', '192.168.1.0/24'] }],
    [{ NET_CONCURRENCY: '8' }, { concurrency: 8 }],
    [{ NET_THREAD_LIMIT: '8' }, { concurrency: 8 }],
    [{ NET_CONCURRENCY: '0' }, { concurrency: 1 }],
    [{ NET_LOG: 'debug' }, { logLevel: 'debug' }],
    [{ NET_LOG: 'SILENT' }, { logLevel: 'silent' }],
    [{ NET_DEV: '1' }, { logLevel: 'debug' }],
    [{ NET_DEV: '0' }, { logLevel: 'warn' }],
    [{ NET_DEV: '1', NET_LOG: 'error' }, { logLevel: 'error' }],
    [{ NET_UNKNOWN: 'x', PATH: '/' }, {}],
  ])('%j', (env, want) => {
    expect(readEnvironment(env)).toEqual({ ...defaults, ...want })
  })

  test.each<[Env, string]>([
    [{ NET_IS_HUB: 'maybe' }, 'NET_IS_HUB is "maybe", expected one of 1, 0, true, false, yes, no'],
    [{ NET_DEV: 'on' }, 'NET_DEV is "on", expected one of 1, 0, true, false, yes, no'],
    [{ NET_PORT_START: '0' }, 'NET_PORT_START is "0", expected a whole number from 1 to 65535'],
    [{ NET_PORT_START: '65536' }, 'NET_PORT_START is "65536", expected a whole number from 1 to 65535'],
    [{ NET_PORT_START: '3010.5' }, 'NET_PORT_START is "3010.5", expected a whole number from 1 to 65535'],
    [{ NET_PORT_START: '0x10' }, 'NET_PORT_START is "0x10", expected a whole number from 1 to 65535'],
    [{ NET_PORT_START: ' 3010' }, 'NET_PORT_START is " 3010", expected a whole number from 1 to 65535'],
    [{ NET_PORT: 'x' }, 'NET_PORT is "x", expected a whole number from 1 to 65535'],
    [{ NET_PORT: '1', NET_PORT_START: '2' }, 'NET_PORT_START is "2" and NET_PORT is "1": set one of them'],
    [{ NET_PORT_RANGE: '-1' }, 'NET_PORT_RANGE is "-1", expected a whole number from 0 to 1000'],
    [{ NET_CONCURRENCY: '1025' }, 'NET_CONCURRENCY is "1025", expected a whole number from 0 to 1024'],
    [{ NET_THREAD_LIMIT: '1e3' }, 'NET_THREAD_LIMIT is "1e3", expected a whole number from 0 to 1024'],
    [
      { NET_CONCURRENCY: '1', NET_THREAD_LIMIT: '2' },
      'NET_CONCURRENCY is "1" and NET_THREAD_LIMIT is "2": set one of them',
    ],
    [{ NET_LOG: 'verbose' }, 'NET_LOG is "verbose", expected one of silent, error, warn, info, debug'],
    [{ NET_LOG: 'toString' }, 'NET_LOG is "toString", expected one of silent, error, warn, info, debug'],
  ])('%j is refused', (env, message) => {
    expect(() => readEnvironment(env)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }))
  })
})

describe('without a home folder', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.each(['', 'home', './home'])('as where HOME is %j, no secret is put into the current folder', async (home) => {
    vi.stubEnv('HOME', home)
    const { registry } = readEnvironment({})
    expect(registry).toBeUndefined()
    await expect(openTrust(registry, undefined)).rejects.toMatchObject({
      code: 'invalid_argument',
      message:
        'there is no home folder: set NET_REGISTRY (or registry) to a folder that all peers of this user share on this machine',
    })
  })

  test('the registry may be named', () => {
    vi.stubEnv('HOME', '')
    expect(readEnvironment({ NET_REGISTRY: '/tmp/x' }).registry).toBe('/tmp/x')
  })
})
