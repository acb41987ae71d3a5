import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { measureSlowness } from '../../measure-slowness.js'
import { Authority } from '../../runtime/make-certificates.js'
import { describeOnNetwork } from './describe-on-network.js'
import { expectTimes } from './expect-times.js'
import type { Host } from './host.js'
import { Gate, type NetworkPeer, readClockMs } from './network-peer.js'
import { startHostile } from './start-hostile.js'
import { TestBed } from './test-bed.js'

const env = { NET_KEY: 'a key for the test bed', NET_LAN: '1' }

/** How many can begin at once on two cores of those machines on which promises of times were measured. */
const MAX_AT_ONCE = 32

/** What may happen to peers on a network. */
export function describeScenarios(): void {
  describeOnNetwork('peers on a network', () => {
    let bed: TestBed

    beforeEach(async () => {
      bed = await TestBed.create()
    })
    afterEach(() => bed.close(), 60_000)

    const addTwo = async (): Promise<[Host, Host]> => [await bed.addHost(), await bed.addHost()]
    const pairsOf = (peers: readonly NetworkPeer[]): [NetworkPeer, NetworkPeer][] =>
      peers.flatMap((one) =>
        peers.filter((other) => other !== one).map((other): [NetworkPeer, NetworkPeer] => [one, other]),
      )

    test.each([
      [2, 1_000],
      [8, 1_000],
      [MAX_AT_ONCE, 1_000],
    ])(
      'that all listen at once, %i of them, see each other within %i ms (fewer on a slow machine)',
      // What else the machine does lengthens some of them, and never all.
      { timeout: 90_000, retry: 2 },
      async (most, limitMs) => {
        // They share two cores: what they compute grows with the pairs of them, and where it takes too long they only ask again and again.
        const count = Math.min(most, Math.floor(MAX_AT_ONCE / measureSlowness()))
        const hosts = await bed.addHosts(count)
        const gate = new Gate(count)
        const peers = await Promise.all(hosts.map((host) => host.start(env, gate)))
        const times = pairsOf(peers).map(async ([one, other]) => {
          const seenAtMs = await one.waitFor('joined', other.id, 0, 30_000)
          return seenAtMs - Math.max(one.readyAtMs, other.readyAtMs)
        })
        expectTimes(`cold start of ${count}`, await Promise.all(times), limitMs)
      },
    )

    test('whose link flaps, down for 1 s and up for 1 s, do not declare each other dead', async () => {
      const [here, there] = await addTwo()
      const [one, two] = [await here.start(env), await there.start(env)]
      await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
      for (let round = 0; round < 4; round++) {
        await there.cut()
        await sleep(1_000)
        await there.heal()
        await sleep(1_000)
      }
      for (const { noticed } of [one, two]) expect(noticed.filter(({ type }) => type === 'left')).toEqual([])
      expect(await one.call(two.id)).toBe(true)
    })

    test('whose cable is cut have the calls in flight end as they leave, and call each other again when it is healed', async () => {
      const [here, there] = await addTwo()
      const [one, two] = [await here.start(env), await there.start(env)]
      await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
      expect(await one.call(two.id)).toBe(true)
      const cutAtMs = readClockMs()
      await there.cut()
      // By its own deadline it would end otherwise. It may run twice, and finds nobody to run it.
      await expect(one.call(two.id)).rejects.toThrow(
        `peer "${two.id}" is unknown: peer.peers() lists those that are there (after 2 attempts)`,
      )
      await Promise.all([one.waitFor('left', two.id, cutAtMs), two.waitFor('left', one.id, cutAtMs)])
      const healedAtMs = readClockMs()
      await there.heal()
      await Promise.all([one.waitFor('joined', two.id, healedAtMs), two.waitFor('joined', one.id, healedAtMs)])
      expect(await Promise.all([one.call(two.id), two.call(one.id)])).toEqual([true, true])
    })

    test('are found over an interface that is added later, within 1 s', async () => {
      const [here, there] = await addTwo()
      const one = await here.start(env)
      await there.unplug()
      const two = await there.start(env)
      expect(two.noticed).toEqual([])
      const atMs = readClockMs()
      await bed.plugIn(there)
      const [seen, sees] = await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
      expectTimes('an interface added later', [seen - atMs, sees - atMs], 1_000)
      expect(await two.call(one.id)).toBe(true)
    })

    test('behind a firewall that drops connections alone are called by nobody, and call others', async () => {
      const [here, there] = await addTwo()
      await there.raiseFirewall()
      const [open, walled] = [await here.start(env), await there.start(env)]
      await walled.waitFor('joined', open.id)
      expect(await walled.call(open.id)).toBe(true)
      // It is greeted, answers, is asked over TCP and is greeted again meanwhile.
      await sleep(3_000)
      expect(open.noticed).toEqual([])
      await there.mend()
      await open.waitFor('joined', walled.id)
      expect(await open.call(walled.id)).toBe(true)
    })

    test('row 44: are found by a scan of a whole /24 within 6 s, and find whoever scans', async () => {
      // At the last port of nearly the last address; nobody answers at the others.
      const [here, there] = [await bed.addHost(250), await bed.addHost(1)]
      const quiet = { NET_KEY: env.NET_KEY }
      const one = await here.start({ ...quiet, NET_PORT_START: '3015' })
      const two = await there.start({ ...quiet, NET_SCAN: '10.77.0.0/24' })
      const [seen, sees] = await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
      expectTimes('a scan of a /24', [seen - two.readyAtMs, sees - two.readyAtMs], 6_000)
      expect(await one.call(two.id)).toBe(true)
    })

    test('row 43: are found where the ARP table has their machines', async () => {
      const [here, there] = await addTwo()
      const quiet = { NET_KEY: env.NET_KEY }
      const one = await here.start(quiet)
      const two = await there.start({ ...quiet, NET_SCAN: 'arp' })
      expect(two.noticed).toEqual([])
      // Somebody there talks to the other machine, whatever about.
      await expect(two.call(`${here.address}:9`)).rejects.toThrow('no peer listens')
      await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
    })

    test('with another key are never seen, and are told nothing', async () => {
      const [here, there] = await addTwo()
      const one = await here.start(env)
      const stranger = await there.start({ ...env, NET_KEY: 'another key, as long' })
      const friend = await there.start(env)
      await Promise.all([one.waitFor('joined', friend.id), friend.waitFor('joined', one.id)])
      await expect(stranger.call(`${here.address}:${one.port}`)).rejects.toThrow(
        `what listens at ${here.address}:${one.port} is no peer with this key: give both the same key, or call one that has it`,
      )
      expect(one.noticed.map(({ id }) => id)).not.toContain(stranger.id)
      expect(stranger.noticed).toEqual([])
    })

    test('with certificates find each other, call and leave as those without do, whom they do not talk to', async () => {
      const authority = await Authority.create('network')
      const tls = async (address: string): Promise<Record<string, string>> => {
        const certificate = await authority.issue([`IP:${address}`])
        return { PEER_OPTIONS: JSON.stringify({ tls: { ...certificate, ca: authority.cert, requestCert: true } }) }
      }
      const [here, there] = await addTwo()
      const one = await here.start({ ...env, ...(await tls(here.address)) })
      const two = await there.start({ ...env, ...(await tls(there.address)) })
      const [seen, sees] = await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
      expectTimes('a peer with a certificate', [seen - two.readyAtMs, sees - two.readyAtMs], 1_000)
      const plain = await (await bed.addHost()).start(env)
      expect([await one.call(two.id), await two.call(`${here.address}:${one.port}`)]).toEqual([true, true])
      await expect(one.call(`10.77.0.3:${plain.port}`)).rejects.toThrow('do not agree on TLS')
      const atMs = readClockMs()
      const [left] = await Promise.all([one.waitFor('left', two.id, atMs), two.leave()])
      expectTimes('a goodbye of one with a certificate', [left - atMs], 100)
      expect([...one.noticed, ...plain.noticed].filter(({ id }) => id === plain.id || id === one.id)).toEqual([])
      await authority.remove()
    })

    test('of another group beside follow their own alone', async () => {
      const [here, there] = await addTwo()
      const [one, other] = [await here.start(env), await there.start({ ...env, NET_GROUP: 'others' })]
      const two = await there.start(env)
      await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
      expect(one.noticed.map(({ id }) => id)).not.toContain(other.id)
      // They have the same key: a call finds who it names.
      expect(await one.call(other.id)).toBe(true)
    })

    test('are moved by no datagram of a stranger, and tell it nothing', async () => {
      const [here, there] = await addTwo()
      const [one, two] = [await here.start(env), await there.start(env)]
      await Promise.all([one.waitFor('joined', two.id), two.waitFor('joined', one.id)])
      const before = one.noticed.length
      const attacker = await bed.addHost()
      const report = await startHostile(attacker, { target: here.address, peer: one, other: two })
      expect(report.sent).toBeGreaterThan(10_000)
      expect(report.heads.length).toBeGreaterThan(0)
      for (const head of report.heads) {
        expect(head).toMatch(
          /^GET \/netgen\/v1\/identity\?challenge=[\w-]{43} HTTP\/1\.1\r\nhost: 10\.77\.0\.3:\d+\r\nconnection: keep-alive\r\n\r\n$/,
        )
      }
      expect(report.datagrams.length).toBeGreaterThan(0)
      // Sealed, with the id that is announced anyway.
      for (const datagram of report.datagrams) expect(datagram).toMatch(/^NGg1[0-9a-f]{16}[\w-]+$/)
      expect(one.noticed.slice(before).filter(({ type }) => type !== 'changed' && type !== 'suspect')).toEqual([])
      expect(await one.call(two.id)).toBe(true)
      expect(await two.call(one.id)).toBe(true)
    })

    test('hint once at what to do where nobody is found for 10 s', async () => {
      const peer = await (await bed.addHost()).start(env)
      await expect.poll(() => peer.logged.length, { timeout: 15_000 }).toBe(1)
      expect(peer.logged[0]).toMatch(
        /^nobody was found on this network for 10 s: others need the same key, .*interfaces: \[ 'eth0 10\.77\.0\.1' \]/,
      )
    })
  })
}
