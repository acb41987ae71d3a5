import { createSocket, type RemoteInfo } from 'node:dgram'
import { explainImport } from '../../errors/explain-import.js'
import type { LanInterface } from './interfaces.js'
import { isModest } from './packet-limits.js'
import type { ServiceRecord } from './service-records.js'

/** The port and the group of multicast DNS (RFC 6762, section 3). */
const PORT = 5_353
const GROUP = '224.0.0.251'

/** What is heard on an interface. */
export interface MulticastListener {
  /** `known`: records that whoever asks has already. */
  onQuestions(questions: readonly unknown[], known: readonly unknown[], from: string): void
  onRecords(records: readonly unknown[], from: string): void
}

/** Multicast DNS on one interface. It keeps no process alive. */
export interface Multicast {
  /** Asks for records of a name, but for those that are known already. */
  ask(name: string, known: readonly ServiceRecord[]): void
  answer(records: readonly ServiceRecord[]): Promise<void>
  close(): Promise<void>
}

/** Opens multicast DNS on an interface. Rejects with Node's error where its port is taken, or the interface takes no multicast. */
export type OpenMulticast = (network: LanInterface, listener: MulticastListener) => Promise<Multicast>

/** Imports the package. */
type LoadPackage = () => Promise<{ readonly default: CreateMulticastDns }>

/** Bundlers take a package for one that may be missing where its import is followed by `catch`. */
const importPackage: LoadPackage = () =>
  import('multicast-dns').catch((cause: unknown) => {
    throw cause
  })

/**
 * Loads multicast DNS, which only peers with `lan` need. Rejects with `failed_precondition` where the package is not installed,
 * and says how to.
 */
export async function loadMulticast(load: LoadPackage = importPackage): Promise<OpenMulticast> {
  try {
    const { default: createMulticastDns } = await load()
    return (network, listener) => open(createMulticastDns, network, listener)
  } catch (cause) {
    throw explainImport(cause, 'lan needs', 'multicast-dns')
  }
}

type CreateMulticastDns = typeof import('multicast-dns')

async function open(
  create: CreateMulticastDns,
  network: LanInterface,
  listener: MulticastListener,
): Promise<Multicast> {
  // The package would join one address of each interface, send over one of them, and keep the process alive.
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  const dns = create({ socket, port: PORT, ip: GROUP, bind: '0.0.0.0', multicast: false })
  // The package would decode whatever comes.
  const decoders = socket.listeners('message') as ((packet: Buffer, from: RemoteInfo) => void)[]
  socket.removeAllListeners('message').on('message', (packet, from) => {
    if (isModest(packet)) for (const decode of decoders) decode(packet, from)
  })
  // Junk on the port is nobody's fault here, nor is what an interface that is down loses.
  dns.on('warning', () => {})
  dns.on('query', ({ questions = [], answers = [] }, { address }) => listener.onQuestions(questions, answers, address))
  dns.on('response', ({ answers = [], additionals = [] }, { address }) =>
    listener.onRecords([...answers, ...additionals], address),
  )
  const close = (): Promise<void> => new Promise((resolve) => dns.destroy(() => resolve()))
  await new Promise<void>((resolve, reject) => {
    // Never removed: the package says twice that a port is taken, and the second time would end the process.
    dns.on('error', reject)
    dns.once('ready', resolve)
  })
  socket.unref()
  try {
    socket.addMembership(GROUP, network.address)
    socket.setMulticastInterface(network.address)
    socket.setMulticastTTL(255)
    socket.setMulticastLoopback(true)
  } catch (error) {
    await close()
    throw error
  }
  return {
    ask: (name, known) => dns.query({ questions: [{ name, type: 'PTR' }], answers: known as never }),
    answer: (records) => new Promise((resolve) => dns.respond({ answers: records as never }, () => resolve())),
    close,
  }
}
