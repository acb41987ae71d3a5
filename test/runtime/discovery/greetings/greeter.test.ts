import { beforeEach, describe, expect, test, vi } from 'vitest'
import { type Address, printAddress } from '../../../../runtime/api/address.js'
import type { RemotePeer } from '../../../../runtime/api/remote-peer.js'
import { Greeter } from '../../../../runtime/discovery/greetings/greeter.js'
import { openGreeting, sealGreeting } from '../../../../runtime/discovery/greetings/greeting.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'
import { createPeer } from '../fake-provider.js'

const trust = new Trust(Buffer.alloc(32, 1), 'key')
const own = vi.hoisted(() => ({ address: '', other: '' }))
vi.mock('node:os', async (original) => ({
  ...(await original<object>()),
  networkInterfaces: () => {
    const rest = { netmask: '255.255.255.0', family: 'IPv4', internal: false }
    const others = own.other === '' ? {} : { eth1: [{ address: own.other, ...rest }] }
    return { eth0: [{ address: own.address, ...rest }], ...others }
  },
}))

interface Sent {
  readonly from: Address
  readonly to: Address
  readonly datagram: Buffer
}

/** A peer of a network that delivers what it is told to. */
interface Side {
  readonly at: Address
  readonly greeter: Greeter
  readonly proven: { readonly peer: RemotePeer; readonly askedAtMs: number }[]
  receive(datagram: Buffer): void
}

let sent: Sent[]
let here: Side
let there: Side

function createSide(id: string, host: string, sealer = trust): Side {
  const at = { host, port: 3010 }
  const greeter = new Greeter({ sealer, findBound: () => ({ host: '0.0.0.0', port: 3010 }) })
  const proven: Side['proven'] = []
  greeter.open({
    self: createPeer(id.repeat(16), { host, hub: true }),
    send: (datagram, to) => sent.push({ from: at, to, datagram }),
    onProven: (peer, askedAtMs) => proven.push({ peer, askedAtMs }),
  })
  const receive = (datagram: Buffer): void => {
    own.address = host
    expect(greeter.receive(datagram)).toBe(true)
  }
  return { at, greeter, proven, receive }
}

/** Delivers all that is sent to either side, and answers of which kinds it was. */
function deliver(sides: readonly Side[]): string[] {
  const kinds: string[] = []
  for (let next = sent.shift(); next !== undefined; next = sent.shift()) {
    const { to, datagram } = next
    kinds.push(openGreeting(datagram, trust)?.greeting.kind ?? 'none')
    for (const side of sides) if (printAddress(side.at) === printAddress(to)) side.receive(datagram)
  }
  return kinds
}

function greet(from: Side, to: Address): boolean {
  own.address = from.at.host
  return from.greeter.greet(to)
}

beforeEach(() => {
  own.other = ''
  sent = []
  here = createSide('a', '10.77.0.1')
  there = createSide('b', '10.77.0.2')
})

describe('two peers of a link', () => {
  test('know each other after three datagrams, whoever began', () => {
    const askedAtMs = performance.now()
    expect(greet(here, there.at)).toBe(true)
    expect(deliver([here, there])).toEqual(['hello', 'answer', 'confirm'])
    expect(here.proven.map(({ peer }) => peer)).toEqual([
      { id: 'b'.repeat(16), ...there.at, group: 'notes', hub: true },
    ])
    expect(there.proven.map(({ peer }) => peer)).toEqual([
      { id: 'a'.repeat(16), ...here.at, group: 'notes', hub: true },
    ])
    for (const { askedAtMs: since } of [...here.proven, ...there.proven]) {
      expect(since).toBeGreaterThanOrEqual(askedAtMs - 0.01)
      expect(since).toBeLessThanOrEqual(performance.now())
    }
  })

  test('with another key do not, and nothing is answered', () => {
    const stranger = createSide('c', '10.77.0.3', new Trust(Buffer.alloc(32, 2), 'key'))
    greet(stranger, there.at)
    expect(deliver([stranger, there])).toEqual(['none'])
    greet(there, stranger.at)
    expect(deliver([stranger, there])).toEqual(['hello'])
    expect([...stranger.proven, ...there.proven]).toEqual([])
  })

  test('are asked for by nobody on another network, nor by one that is closed', () => {
    expect(greet(here, { host: '10.78.0.2', port: 3010 })).toBe(false)
    here.greeter.close()
    expect(greet(here, there.at)).toBe(false)
    expect(sent).toEqual([])
  })

  test('of another version of the protocol are left to those who say so', () => {
    greet(here, there.at)
    const hello = openGreeting(sent.shift()?.datagram ?? expect.fail('expected a hello'), trust)?.greeting
    const answer = {
      kind: 'answer' as const,
      from: there.at,
      echo: hello?.kind === 'hello' ? hello.challenge : '',
      challenge: 'c',
      group: 'notes',
      hub: false,
      versions: { netgen: '9.0.0', protocol: [9] },
    }
    const datagram = sealGreeting(answer, 'b'.repeat(16), trust) ?? expect.fail('expected a datagram')
    here.receive(datagram)
    expect([sent, here.proven]).toEqual([[], []])
  })

  test('know each other at either address of a machine with two interfaces in their network', () => {
    const other = { host: '10.77.0.51', port: 3010 }
    const second = { ...there, at: other }
    own.other = other.host
    for (const to of [there.at, other]) {
      expect(greet(here, to)).toBe(true)
      expect(deliver([here, there, second])).toEqual(['hello', 'answer', 'confirm'])
    }
    expect(here.proven.map(({ peer }) => peer.host)).toEqual([there.at.host, other.host])
    expect(there.proven.map(({ peer }) => peer.host)).toEqual([here.at.host, here.at.host])
  })
})

describe('a stranger without the key', () => {
  const stranger = { host: '10.77.0.9', port: 3010 }

  test('is taken for no peer whose answers it passes on', () => {
    // It announced itself: the hello comes to it, and it sends it on to a peer.
    greet(here, stranger)
    const { datagram = expect.fail('expected a hello') } = sent.shift() ?? {}
    there.receive(datagram)
    expect(sent).toEqual([])
    expect([...here.proven, ...there.proven]).toEqual([])
  })

  test('has a recorded hello answered sixteen times in a second, and all of them 256 times', () => {
    vi.spyOn(performance, 'now').mockReturnValue(10_000)
    const hello = (port: number): Buffer =>
      sealGreeting(
        { kind: 'hello', from: { host: here.at.host, port }, to: there.at, challenge: 'c' },
        'a'.repeat(16),
        trust,
      ) ?? expect.fail('expected a datagram')
    for (let replay = 0; replay < 1_000; replay++) there.receive(hello(1))
    expect(sent).toHaveLength(16)
    for (let replay = 0; replay < 1_000; replay++) there.receive(hello(replay + 2))
    expect(sent).toHaveLength(256)
    vi.spyOn(performance, 'now').mockReturnValue(11_000)
    there.receive(hello(1))
    vi.restoreAllMocks()
    expect(sent).toHaveLength(257)
  })

  test('moves nobody by what was said before: it tells of the time when it was asked for, and of none after 2 s', () => {
    greet(here, there.at)
    const heard: Sent[] = []
    for (let next = sent.shift(); next !== undefined; next = sent.shift()) {
      heard.push(next)
      for (const side of [here, there]) if (side.at.host === next.to.host) side.receive(next.datagram)
    }
    expect(heard).toHaveLength(3)
    const firsts = [here, there].map(({ proven }) => proven[0])
    for (const { datagram } of heard) for (const side of [here, there]) side.receive(datagram)
    expect([here.proven.length, there.proven.length]).toEqual([2, 2])
    expect([here, there].map(({ proven }) => proven[1])).toEqual(firsts)
    const later = performance.now() + 2_001
    vi.spyOn(performance, 'now').mockReturnValue(later)
    for (const { datagram } of heard) for (const side of [here, there]) side.receive(datagram)
    vi.restoreAllMocks()
    expect([here.proven.length, there.proven.length]).toEqual([2, 2])
  })

  test('gets no answer to junk, however much it looks like a greeting', () => {
    for (const text of ['NGg1', `NGg1${'a'.repeat(16)}`, `NGg1${'c'.repeat(16)}${'A'.repeat(400)}`, 'NGg1\0\0\0']) {
      here.receive(Buffer.from(text, 'latin1'))
    }
    expect(here.greeter.receive(Buffer.from('NGb1'))).toBe(false)
    expect([sent, here.proven]).toEqual([[], []])
  })
})

test('a greeter that is never opened is known not to be when it is closed', async () => {
  const greeter = new Greeter({ sealer: trust, findBound: () => undefined })
  greeter.close()
  await greeter.ready
  expect(greeter.greet({ host: '10.77.0.2', port: 3010 })).toBe(false)
})
