import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Greeter } from '../../../../runtime/discovery/greetings/greeter.js'
import type { LanInterface } from '../../../../runtime/discovery/lan/interfaces.js'
import { LanProvider } from '../../../../runtime/discovery/lan/lan-provider.js'
import { loadMulticast, type MulticastListener } from '../../../../runtime/discovery/lan/multicast.js'
import {
  SERVICE,
  type ServiceRecord,
  writeAnnouncement,
  writeKnown,
} from '../../../../runtime/discovery/lan/service-records.js'
import type { Claims } from '../../../../runtime/discovery/provider.js'
import { createPeer } from '../fake-provider.js'

const SELF = 'aaaaaaaaaaaaaaaa'
const OTHER = 'bbbbbbbbbbbbbbbb'
const networks = vi.hoisted(() => ({ now: {} as Record<string, unknown[]> }))
vi.mock('node:os', async (original) => ({ ...(await original<object>()), networkInterfaces: () => networks.now }))

/** What a fake interface sent. */
interface Sent {
  readonly network: LanInterface
  readonly listener: MulticastListener
  readonly questions: (readonly ServiceRecord[])[]
  readonly answers: (readonly ServiceRecord[])[]
  isClosed: boolean
}

const warn = vi.fn()
const logger = { debug() {}, info() {}, warn, error() {} }
const add = vi.fn<Claims['add']>()
const greet = vi.fn<Greeter['greet']>()
const claims: Claims = { add, answered: vi.fn(), remove: vi.fn() }
let opened: Sent[]
let failure: Error | undefined
let provider: LanProvider

const address = (text: string, internal = false) => [
  { address: text, netmask: '255.255.255.0', family: 'IPv4', internal },
]
const announce = (host: string, more: object = {}): ServiceRecord[] =>
  writeAnnouncement({ id: OTHER, host, port: 3010, fingerprint: 'ours', ...more })
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

beforeEach(async () => {
  vi.useFakeTimers()
  vi.resetAllMocks()
  opened = []
  failure = undefined
  networks.now = { lo: address('127.0.0.1', true), eth0: address('10.77.0.1') }
  provider = createProvider()
})
afterEach(async () => {
  await provider.stop()
  vi.useRealTimers()
})

function createProvider(greeter?: Pick<Greeter, 'ready' | 'greet'>): LanProvider {
  return new LanProvider({
    fingerprint: 'ours',
    greeter,
    findBound: () => ({ host: '0.0.0.0', port: 3010 }),
    width: 2,
    logger,
    open: async (network, listener) => {
      if (failure !== undefined) throw failure
      const sent: Sent = { network, listener, questions: [], answers: [], isClosed: false }
      opened.push(sent)
      return {
        ask: (name, known) => void (name === SERVICE && sent.questions.push(known)),
        answer: async (records) => void sent.answers.push(records),
        close: async () => {
          sent.isClosed = true
        },
      }
    },
  })
}

const start = async (): Promise<Sent> => {
  await provider.start(createPeer(SELF), claims)
  return opened[0] ?? expect.fail('expected an interface')
}

describe('the local network', () => {
  test('is told of the peer at each interface that others reach, and asked for others', async () => {
    const { network, answers, questions } = await start()
    expect(opened).toHaveLength(1)
    expect(network).toEqual({ name: 'eth0', address: '10.77.0.1', netmask: '255.255.255.0' })
    expect(answers).toEqual([writeAnnouncement({ id: SELF, host: '10.77.0.1', port: 3010, fingerprint: 'ours' })])
    // At first at random, so that not all who start at once ask at once.
    await pass(19)
    expect(questions).toEqual([])
    await pass(101)
    expect(questions).toEqual([[]])
    await pass(5_250)
    expect(questions).toHaveLength(4)
    await pass(60_000)
    expect(questions).toHaveLength(5)
  })

  test('is loopback where there is nothing else', async () => {
    networks.now = { lo: address('127.0.0.1', true) }
    expect((await start()).network.address).toBe('127.0.0.1')
  })

  test('leaves nothing of a look behind', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    await start()
    await pass(250)
    const look = async (times: number): Promise<number> => {
      for (let index = 0; index < times; index++) await provider.refresh()
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const beforeBytes = await look(1_000)
    // A reference that is kept of each takes 60 bytes.
    expect((await look(100_000)) - beforeBytes).toBeLessThan(3_000_000)
  })

  test('is used over an interface that comes later, and left over one that goes', async () => {
    const first = await start()
    networks.now = { ...networks.now, eth1: address('10.78.0.1') }
    await pass(500)
    expect(opened.map(({ network }) => network.name)).toEqual(['eth0', 'eth1'])
    networks.now = { eth1: address('10.78.0.1') }
    await pass(500)
    expect(first.isClosed).toBe(true)
    expect(opened[1]?.isClosed).toBe(false)
  })

  test('that cannot be used is one warning, and not tried again before it is another', async () => {
    failure = new Error('bind EADDRINUSE')
    await provider.start(createPeer(SELF), claims)
    await pass(5_000)
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      'peers cannot be found on an interface: UDP port 5353 is taken, or it takes no multicast',
      { name: 'eth0', address: '10.77.0.1', netmask: '255.255.255.0', error: failure },
    )
  })

  test('is left, and not joined again, where the peer is closed while it joins', async () => {
    const starting = provider.start(createPeer(SELF), claims)
    await Promise.all([provider.stop(), starting])
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is not joined by one that was closed before', async () => {
    await provider.stop()
    await provider.start(createPeer(SELF), claims)
    expect(opened).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a question', () => {
  const question = [{ name: SERVICE, type: 'PTR' }]

  test('is answered once for all who ask at the same time, and not more often than every 400 ms', async () => {
    const { listener, answers } = await start()
    for (let asked = 0; asked < 10; asked++) listener.onQuestions(question, [], '10.77.0.9')
    await pass(399)
    expect(answers).toHaveLength(1)
    await pass(61)
    expect(answers).toHaveLength(2)
  })

  test.each<[string, unknown[], readonly unknown[], string]>([
    ['for something else', [{ name: '_http._tcp.local', type: 'PTR' }], [], '10.77.0.9'],
    ['of who knows this peer', question, writeKnown([SELF]), '10.77.0.9'],
    ['from another network', question, [], '10.78.0.9'],
  ])('%s is not answered', async (_, questions, known, from) => {
    const { listener, answers } = await start()
    listener.onQuestions(questions, known, from)
    await pass(1_000)
    expect(answers).toHaveLength(1)
  })
})

describe('an announcement', () => {
  test('claims the address of a peer with the same key', async () => {
    const { listener, questions } = await start()
    listener.onRecords(announce('10.77.0.2'), '10.77.0.2')
    listener.onRecords(announce('10.77.0.2'), '10.77.0.2')
    expect(add).toHaveBeenCalledExactlyOnceWith({ host: '10.77.0.2', port: 3010 }, provider)
    provider.notice({ type: 'joined', peer: createPeer(OTHER) })
    await pass(300)
    expect(questions.at(-1)).toEqual(writeKnown([OTHER]))
  })

  test.each<[string, ServiceRecord[], string]>([
    ['of another key', announce('10.77.0.2', { fingerprint: 'theirs' }), '10.77.0.2'],
    ['of this very peer', announce('10.77.0.1', { id: SELF }), '10.77.0.1'],
    ['of an address elsewhere', announce('192.0.2.2'), '10.77.0.2'],
    ['that came from elsewhere', announce('10.77.0.2'), '192.0.2.2'],
    ['of loopback', announce('127.0.0.1'), '10.77.0.2'],
    ['of no address', announce('10.77.0.2.example'), '10.77.0.2'],
  ])('%s claims nothing', async (_, records, from) => {
    const { listener } = await start()
    listener.onRecords(records, from)
    await pass(1_000)
    expect(add).not.toHaveBeenCalled()
  })

  test('is claimed again while somebody follows, until the peer has proved itself', async () => {
    const { listener } = await start()
    const end = provider.watch()
    listener.onRecords(announce('10.77.0.2'), '10.77.0.2')
    await pass(1_500)
    expect(add).toHaveBeenCalledTimes(3)
    provider.notice({ type: 'joined', peer: createPeer(OTHER) })
    await pass(10_000)
    expect(add).toHaveBeenCalledTimes(3)
    end()
  })

  test('waits where as many are being asked as may be, and is claimed when one of them was', async () => {
    const { listener } = await start()
    const answers: (() => void)[] = []
    add.mockImplementation(() => new Promise((resolve) => answers.push(resolve)))
    for (let host = 2; host < 7; host++) {
      const id = `${host}`.repeat(16)
      listener.onRecords(announce(`10.77.0.${host}`, { id }), `10.77.0.${host}`)
    }
    expect(add).toHaveBeenCalledTimes(2)
    const looked = provider.refresh()
    await pass(250)
    answers[0]?.()
    await pass(0)
    expect(add).toHaveBeenCalledTimes(3)
    for (let round = 0; round < 3; round++) {
      for (const answer of answers) answer()
      await pass(0)
    }
    await looked
    expect(add.mock.calls.map(([{ host }]) => host)).toEqual([2, 3, 4, 5, 6].map((host) => `10.77.0.${host}`))
  })

  test('behind which nobody answers holds up a look for a second at most', async () => {
    const { listener } = await start()
    add.mockImplementation(() => new Promise((resolve) => setTimeout(resolve, 400)))
    for (let port = 1; port < 100; port++) listener.onRecords(announce('10.77.0.2', { port }), '10.77.0.2')
    let isOver = false
    void provider.refresh().then(() => {
      isOver = true
    })
    await pass(250 + 1_000 + 400)
    expect(isOver).toBe(true)
  })

  test('behind which nobody ever answers holds up a look for a second at most, too', async () => {
    const { listener } = await start()
    add.mockImplementation(() => new Promise(() => {}))
    for (let port = 1; port < 10; port++) listener.onRecords(announce('10.77.0.2', { port }), '10.77.0.2')
    let isOver = false
    void provider.refresh().then(() => {
      isOver = true
    })
    await pass(250 + 1_000)
    expect(isOver).toBe(true)
  })
})

describe('an announcement, where peers greet each other,', () => {
  beforeEach(async () => {
    provider = createProvider({ ready: Promise.resolve(), greet })
    greet.mockReturnValue(true)
    await provider.start(createPeer(SELF), claims)
  })
  const hear = (host: string, more: object = {}): void => opened[0]?.listener.onRecords(announce(host, more), host)

  test('has its peer greeted, and claims its address only where nobody answers for a second', async () => {
    const end = provider.watch()
    hear('10.77.0.2')
    expect(greet).toHaveBeenCalledExactlyOnceWith({ host: '10.77.0.2', port: 3010 })
    await pass(999)
    expect(add).not.toHaveBeenCalled()
    await pass(1)
    expect(add).toHaveBeenCalledExactlyOnceWith({ host: '10.77.0.2', port: 3010 }, provider)
    end()
  })

  test('of a peer that has joined meanwhile claims nothing, and has nobody greeted', async () => {
    const end = provider.watch()
    hear('10.77.0.2')
    provider.notice({ type: 'joined', peer: createPeer(OTHER) })
    await pass(250)
    hear('10.77.0.2')
    hear('10.77.0.3')
    await pass(10_000)
    expect(greet).toHaveBeenCalledOnce()
    expect(add).not.toHaveBeenCalled()
    expect(opened[0]?.questions.at(-1)).toEqual(writeKnown([OTHER]))
    end()
  })

  test('that cannot be greeted claims its address at once', () => {
    greet.mockReturnValue(false)
    hear('10.77.0.2')
    expect(add).toHaveBeenCalledExactlyOnceWith({ host: '10.77.0.2', port: 3010 }, provider)
  })

  test('for another machine greets nobody, and claims its address at once', () => {
    opened[0]?.listener.onRecords(announce('10.77.0.2'), '10.77.0.3')
    expect(greet).not.toHaveBeenCalled()
    expect(add).toHaveBeenCalledExactlyOnceWith({ host: '10.77.0.2', port: 3010 }, provider)
  })

  test('among others in one packet is one greeting', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      announce('10.77.0.2', { id: `${index}`.padStart(16, 'a'), port: index + 1 }),
    )
    opened[0]?.listener.onRecords(many.flat(), '10.77.0.2')
    expect(greet).toHaveBeenCalledOnce()
  })

  test('is one of too many of its machine has nobody greeted, while those of others have', () => {
    for (let port = 1; port <= 100; port++) hear('10.77.0.2', { port })
    hear('10.77.0.3')
    expect(greet.mock.calls.map(([{ host }]) => host)).toEqual([...Array(33).fill('10.77.0.2'), '10.77.0.3'])
  })
})

describe('a peer that greets', () => {
  test('announces itself when it can be answered, and not before', async () => {
    let open = (): void => {}
    provider = createProvider({ ready: new Promise((resolve) => (open = resolve)), greet })
    const starting = provider.start(createPeer(SELF), claims)
    await pass(1_000)
    expect(opened).toEqual([])
    open()
    await starting
    expect(opened.map(({ answers }) => answers)).toHaveLength(1)
  })
})

describe('a look', () => {
  test('waits for the first answers, and no longer than until the peer is closed', async () => {
    await start()
    let isOver = false
    const look = async (): Promise<void> => {
      await provider.refresh()
      isOver = true
    }
    const first = look()
    await pass(249)
    expect(isOver).toBe(false)
    await provider.stop()
    await first
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a peer that is alone', () => {
  test('is told what to do after 10 s, once', async () => {
    await start()
    await pass(9_999)
    expect(warn).not.toHaveBeenCalled()
    await pass(60_001)
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      'nobody was found on this network for 10 s: others need the same key, and UDP port 5353 and multicast have to pass the ' +
        'firewall; where they cannot, name the others in NET_PEERS',
      { interfaces: ['eth0 10.77.0.1'] },
    )
  })

  test('is told nothing where somebody has joined', async () => {
    await start()
    provider.notice({ type: 'joined', peer: createPeer(OTHER) })
    await pass(60_000)
    expect(warn).not.toHaveBeenCalled()
  })

  test('is told nothing where somebody has joined before all interfaces were there', async () => {
    let onReady = (): void => {}
    const ready = new Promise<void>((resolve) => {
      onReady = resolve
    })
    provider = createProvider({ ready, greet })
    const starting = provider.start(createPeer(SELF), claims)
    provider.notice({ type: 'joined', peer: createPeer(OTHER) })
    onReady()
    await starting
    await pass(60_000)
    expect(warn).not.toHaveBeenCalled()
  })

  test('says goodbye when it leaves', async () => {
    const sent = await start()
    await provider.stop()
    const leaving = { id: SELF, host: '10.77.0.1', port: 3010, fingerprint: 'ours' }
    expect(sent.answers.at(-1)).toEqual(writeAnnouncement(leaving, true))
    expect(sent.isClosed).toBe(true)
  })
})

test('lan without its package says how to install it', async () => {
  const missing = Object.assign(new Error("Cannot find package 'multicast-dns'"), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(loadMulticast(() => Promise.reject(missing))).rejects.toMatchObject({
    code: 'failed_precondition',
    message: 'lan needs the package multicast-dns: run npm install multicast-dns',
    cause: missing,
  })
})
