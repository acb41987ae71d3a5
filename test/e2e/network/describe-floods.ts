import { afterEach, beforeEach, expect, test } from 'vitest'
import { deriveSecret } from '../../../runtime/peer/group-key.js'
import { Trust } from '../../../runtime/transport/http/trust.js'
import { describeOnNetwork } from './describe-on-network.js'
import { expectTimes } from './expect-times.js'
import { startFlood } from './start-flood.js'
import { TestBed } from './test-bed.js'

const env = { NET_KEY: 'a key for the test bed', NET_LAN: '1' }

/** How many peers start in the flood, one after the other. */
const STARTS = 5

/** What strangers on a network may do to those who look for each other. */
export function describeFloods(): void {
  describeOnNetwork('peers on a network that is flooded with 1,000 announcements of invented peers a second', () => {
    let bed: TestBed

    beforeEach(async () => {
      bed = await TestBed.create()
    })
    afterEach(() => bed.close(), 60_000)

    test.each([
      ['one address', 1],
      ['100 addresses', 100],
    ])('from %s see whoever starts meanwhile within 1 s, and say nothing of it', async (_, addresses) => {
      const attacker = await bed.addHost(100)
      const sources = [attacker.address]
      while (sources.length < addresses) {
        const address = `10.77.0.${100 + sources.length}`
        await attacker.addAddress(address)
        sources.push(address)
      }
      const observer = await (await bed.addHost(1)).start(env)
      const hosts = []
      while (hosts.length < STARTS) hosts.push(await bed.addHost(2 + hosts.length))
      const { fingerprint } = new Trust(await deriveSecret({ kind: 'text', text: env.NET_KEY }), 'key')
      const endFlood = await startFlood(attacker, { sources, fingerprint, packetsPerS: 1_000 })
      const times: number[] = []
      for (const host of hosts) {
        const peer = await host.start(env)
        const [seenAtMs, seesAtMs] = await Promise.all([
          observer.waitFor('joined', peer.id),
          peer.waitFor('joined', observer.id),
        ])
        times.push(seenAtMs - peer.readyAtMs, seesAtMs - peer.readyAtMs)
        expect(await observer.call(peer.id)).toBe(true)
      }
      await endFlood()
      expectTimes(`seen in a flood from ${addresses}`, times, 1_000)
      expect(observer.noticed.filter(({ type }) => type !== 'joined')).toEqual([])
      expect(observer.noticed).toHaveLength(STARTS)
      expect(observer.logged).toEqual([])
    })
  })
}
