import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnNetwork } from './describe-on-network.js'
import { expectTimes } from './expect-times.js'
import type { Host } from './host.js'
import { type NetworkPeer, readClockMs } from './network-peer.js'
import { TestBed } from './test-bed.js'

/** A machine and the peer on it. */
interface Machine {
  readonly host: Host
  peer: NetworkPeer
}

const REPETITIONS = 20

/** How long after one machine the next is acted upon: in step with nobody's timers, and not while the one before still has the processor. */
const APART_MS = 137

/** For how long packets are lost, in seconds: ten minutes in `npm run soak`. */
const LOSS_S = Number(process.env['NETGEN_SOAK_LOSS_S'] ?? 15)

const env = { NET_KEY: 'a key for the test bed', NET_LAN: '1' }

/** What a peer traced in the seconds before a time: why it gave up another, and whether it had the processor. */
function explain({ traced }: NetworkPeer, beforeMs: number): string {
  return traced
    .filter(({ atMs }) => atMs > beforeMs - 5_000 && atMs <= beforeMs)
    .map(({ line, atMs }) => `${Math.round(atMs - beforeMs)} ms: ${line}`)
    .join('; ')
}

/** What the README promises of a network, measured twenty times each. */
export function describeContracts(): void {
  describeOnNetwork('what is promised on a network, twenty times each', () => {
    let bed: TestBed
    let observer: Machine
    let machines: Machine[]

    beforeAll(async () => {
      bed = await TestBed.create()
      const [first, ...hosts] = await bed.addHosts(REPETITIONS + 1)
      observer = await start(first ?? expect.fail('expected a host'))
      machines = []
      for (const host of hosts) machines.push(await start(host))
    }, 120_000)
    afterAll(() => bed.close(), 60_000)

    const start = async (host: Host): Promise<Machine> => ({ host, peer: await host.start(env) })
    const deaths = (sinceMs: number): string[] =>
      [observer, ...machines].flatMap(({ peer }) =>
        peer.noticed
          .filter(({ type, atMs }) => type === 'left' && atMs >= sinceMs)
          .map(({ id, atMs }) => `${peer.id} lost ${id}: ${explain(peer, atMs)}`),
      )
    /** Does something to each machine, and answers how long it took until both sides noticed what follows. */
    const time = async (act: (machine: Machine) => Promise<unknown>, type: 'joined' | 'left'): Promise<number[]> => {
      const times = machines.map(async (machine, index) => {
        await sleep(index * APART_MS)
        const atMs = readClockMs()
        await act(machine)
        const [here, there] = await Promise.all([
          observer.peer.waitFor(type, machine.peer.id, atMs),
          machine.peer.waitFor(type, observer.peer.id, atMs),
        ])
        return [here - atMs, there - atMs]
      })
      return (await Promise.all(times)).flat()
    }

    test('a peer is seen within 1 s of its start, and sees those who are there', async () => {
      const times = machines.map(async ({ peer }) => {
        const here = await observer.peer.waitFor('joined', peer.id)
        const there = await peer.waitFor('joined', observer.peer.id)
        return [here - peer.readyAtMs, there - peer.readyAtMs]
      })
      expectTimes('seen', (await Promise.all(times)).flat(), 1_000)
      for (const { peer } of machines) expect(await observer.peer.call(peer.id)).toBe(true)
    })

    test('a peer that is stopped for 2 s is not declared dead, and declares nobody dead', async () => {
      const sinceMs = readClockMs()
      for (const { peer } of machines) peer.stop()
      await sleep(2_000)
      for (const { peer } of machines) peer.resume()
      await sleep(1_000)
      expect(deaths(sinceMs)).toEqual([])
    })

    test(
      `where a tenth of all packets is lost, nobody is declared dead in ${LOSS_S} s`,
      async () => {
        const all = [observer, ...machines]
        for (const { host } of all) await host.lose(10)
        const sinceMs = readClockMs()
        await sleep(LOSS_S * 1_000)
        expect(deaths(sinceMs)).toEqual([])
        for (const { host } of all) await host.mend()
      },
      (LOSS_S + 30) * 1_000,
    )

    test('a cut cable is noticed within 3.6 s on both sides, and a healed one within 1 s', async () => {
      const cutMs = await time(({ host }) => host.cut(), 'left')
      const healedMs = await time(({ host }) => host.heal(), 'joined')
      expectTimes('cut', cutMs, 3_600)
      expectTimes('healed', healedMs, 1_000)
      for (const { peer } of machines) expect(await observer.peer.call(peer.id)).toBe(true)
    })

    test('a way that is cut in one direction is noticed within 3.6 s on both sides', async () => {
      const cutMs = await time(({ host }) => observer.host.goDeafTo(host), 'left')
      const mendedAtMs = readClockMs()
      await observer.host.mend()
      await Promise.all(machines.map(({ peer }) => observer.peer.waitFor('joined', peer.id, mendedAtMs)))
      expectTimes('cut one way', cutMs, 3_600)
    })

    test('a goodbye is noticed within 100 ms', async () => {
      const times = machines.map(async ({ peer }, index) => {
        await sleep(index * APART_MS)
        const atMs = readClockMs()
        const [noticedAtMs] = await Promise.all([observer.peer.waitFor('left', peer.id, atMs), peer.leave()])
        return noticedAtMs - atMs
      })
      expectTimes('goodbye', await Promise.all(times), 100)
    })

    test('a kill -9 is noticed within 3.6 s', async () => {
      for (const machine of machines) machine.peer = await machine.host.start(env)
      await Promise.all(machines.map(({ peer }) => observer.peer.waitFor('joined', peer.id)))
      const times = machines.map(async ({ peer }, index) => {
        await sleep(index * APART_MS)
        const atMs = await peer.kill()
        return (await observer.peer.waitFor('left', peer.id, atMs)) - atMs
      })
      expectTimes('killed', await Promise.all(times), 3_600)
    })
  })
}
