import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type NatsOptions, nats } from 'netgen/nats'
import { createPeer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectEngine } from '../../runtime/transport/nats/connect-engine.js'
import { readNatsOptions } from '../../runtime/transport/nats/nats-options.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'

const SERVERS = 'nats://127.0.0.1:9'
const SEED = `SU${'A'.repeat(56)}`

function refuseOptions(options: object): Promise<Error> {
  return catchError(Promise.resolve().then(() => nats({ servers: SERVERS, ...options } as NatsOptions)))
}

describe('nats', () => {
  test.each<[object, string]>([
    [{ credentials: 'a' }, 'option "credentials" of nats is unknown: expected '],
    [{ nkeyfile: 'a' }, 'option "nkeyfile" of nats is unknown: did you mean "nkeyFile"?'],
    [{ tls: { cap: 'a' } }, 'option "tls.cap" of nats is unknown: did you mean "ca"?'],
    [{ tls: { requestCert: true } }, 'option "tls.requestCert" of nats is unknown: expected cert, key, ca, servername'],
    [{ tls: true }, 'option tls of nats is none: expected { ca, cert, key }, as PEM texts'],
    [{ tls: { cert: 'a' } }, 'option tls of nats has cert and no key: set both, or neither'],
    [{ beatMs: 50 }, 'option beatMs of nats is 50, expected a whole number of milliseconds from 100 to 60000'],
    [{ beatMs: '1s' }, 'option beatMs of nats is "1s", expected a whole number of milliseconds from 100 to 60000'],
    [{ ownGroupOnly: 1 }, 'option ownGroupOnly of nats is 1, expected true or false'],
    [{ servers: [] }, 'option servers of nats is [], expected a URL such as nats://localhost:4222'],
    [{ servers: 'ws://a' }, 'option servers of nats has "ws://a", expected a URL such as nats://localhost:4222'],
    [
      { servers: 'nats://:canary@localhost' },
      'option servers of nats has "nats://…@localhost", and its password has no user: name it before the colon',
    ],
    [
      { servers: ['nats://ann:canary@localhost', 'nats://bob:canary@localhost'] },
      'option servers of nats has URLs with several users: name the same in each, or one in the first',
    ],
    ...['/canary', '?canary', '#canary', '/?token=canary@a'].map((rest): [object, string] => [
      { servers: `nats://localhost:4222${rest}` },
      ', and something follows its host and port: leave that out',
    ]),
    [{ user: 'ann' }, 'option user of nats is "ann", and there is no password'],
    [{ password: 'canary' }, 'option password of nats needs the user whose it is, and has to be a text'],
    [{ user: 'ann', password: 7 }, 'option password of nats needs the user whose it is, and has to be a text'],
    [{ token: '' }, 'option token of nats is no text'],
    [{ token: 'canary', nkeyFile: 'a' }, 'token and nkeyFile of nats exclude each other: set one of them'],
    [
      { servers: 'nats://canary@localhost', credentialsFile: 'a' },
      'credentialsFile and the user in the URL of nats exclude each other: set one of them',
    ],
    [
      { nkeySeed: 'SUcanary' },
      "option nkeySeed of nats is no seed of a user's nkey: one has 58 letters and digits, from SU on",
    ],
  ])('refuses %j', async (options, message) => {
    const error = await refuseOptions(options)
    expect(error).toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(message) })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
  })

  test.each([undefined, null, 'nats://ann:canary@localhost', 7])('refuses %j in place of options', async (options) => {
    const error = await catchError(Promise.resolve().then(() => nats(options as unknown as NatsOptions)))
    expect(error).toMatchObject({
      code: 'invalid_argument',
      message: 'options of nats are none: expected { servers }, URLs such as nats://localhost:4222',
    })
  })

  test('takes one user for several servers, and a slash after the port', () => {
    const servers = ['nats://ann:canary@localhost:4222/', 'nats://ann:canary@127.0.0.1', 'nats://[::1]:4222']
    expect(nats({ servers }).servers).toEqual(['localhost:4222', '127.0.0.1', '[::1]:4222'])
  })

  test('shows the servers, and nothing that it was told to log in with', () => {
    const access = nats({ servers: ['nats://localhost:4222', 'tls://127.0.0.1:4223'], user: 'ann', password: 'canary' })
    expect(access.servers).toEqual(['localhost:4222', '127.0.0.1:4223'])
    expect(`${access}`).toBe('nats(localhost:4222, 127.0.0.1:4223)')
    const shown = [inspect(access, { depth: 9, showHidden: true }), JSON.stringify(access)].join()
    expect(shown).not.toMatch(/canary|ann/)
  })

  test('says, without its package, how to install it', async () => {
    const load = (): never => {
      throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' })
    }
    const error = await catchError(
      connectEngine(readNatsOptions({ servers: SERVERS }), { name: 'a', logger: silent }, load),
    )
    expect(error).toMatchObject({
      code: 'failed_precondition',
      message: 'an engine needs the package @nats-io/transport-node: run npm install @nats-io/transport-node',
    })
  })
})

describe('a file with a secret', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netgen-secrets-'))
    await writeFile(join(folder, 'open'), SEED, { mode: 0o644 })
    await writeFile(join(folder, 'wrong'), 'canary', { mode: 0o600 })
    await writeFile(join(folder, 'seed'), SEED, { mode: 0o600 })
    await writeFile(join(folder, 'creds'), block('JWT', 'canary') + block('SEED', SEED), { mode: 0o600 })
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each<[keyof NatsOptions, string, string, string]>([
    ['credentialsFile', 'missing', 'unavailable', 'credentials file $ does not exist: write it, or correct its path'],
    ['nkeyFile', 'missing', 'unavailable', 'nkey file $ does not exist: write it, or correct its path'],
    [
      'nkeyFile',
      'open',
      'permission_denied',
      'nkey file $ is open to other users: run chmod 600 on it, or mount it with mode 0400',
    ],
    [
      'nkeyFile',
      'wrong',
      'invalid_argument',
      "nkey file $ is no seed of a user's nkey: one has 58 letters and digits, from SU on",
    ],
    ['nkeyFile', 'seed', 'invalid_argument', "nkey file $ is no seed of a user's nkey: its checksum is wrong"],
    [
      'credentialsFile',
      'wrong',
      'invalid_argument',
      'credentials file $ holds none: `nsc generate creds` prints what belongs there',
    ],
    [
      'credentialsFile',
      'creds',
      'invalid_argument',
      "credentials file $ is no seed of a user's nkey: its checksum is wrong",
    ],
  ])('%s that is %s is %s', async (option, name, code, message) => {
    const path = join(folder, name)
    const engine = nats({ servers: SERVERS, [option]: path })
    const error = await catchError(createPeer({ engine, registry: join(folder, 'registry'), port: 0, logger: silent }))
    expect(error).toMatchObject({ code, message: message.replace('$', path) })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary|SUAA/)
  })
})

function block(what: string, text: string): string {
  return `-----BEGIN NATS ${what}-----\n${text}\n------END NATS ${what}------\n\n`
}
