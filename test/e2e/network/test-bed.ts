import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Host } from './host.js'
import { PRIORITY } from './network-peer.js'
import { ip } from './run-tool.js'

const AUTOGROUP = '/proc/self/autogroup'

let made = 0

/**
 * A network on one machine: each host is a network namespace, and all are on one bridge, which is in a namespace too, so that nothing
 * of the machine's own interfaces changes. Addresses are 10.77.0.1 and so on: those of 127.0.0.0/8 are loopback to netgen, which would
 * ask for no key there.
 */
export class TestBed {
  readonly folder: string
  readonly #prefix: string
  readonly #hosts: Host[] = []

  private constructor(prefix: string, folder: string) {
    this.#prefix = prefix
    this.folder = folder
  }

  static async create(): Promise<TestBed> {
    raisePriority()
    const prefix = `ng${process.pid}x${++made}`
    const bed = new TestBed(prefix, await mkdtemp(join(tmpdir(), 'netgen-bed-')))
    await ip(`netns add ${prefix}`)
    await ip(`-n ${prefix} link add bridge type bridge`)
    await ip(`-n ${prefix} link set bridge up`)
    return bed
  }

  /** Adds a host, connected to all others: 10.77.0.1, unless another number is meant. */
  async addHost(number: number = this.#hosts.length + 1): Promise<Host> {
    const host = new Host(`${this.#prefix}h${number}`, `10.77.0.${number}`, join(this.folder, `registry${number}`))
    this.#hosts.push(host)
    await host.create()
    await this.plugIn(host)
    return host
  }

  /** Connects a host with the others. */
  plugIn(host: Host): Promise<void> {
    return host.plugIn(this.#prefix)
  }

  async addHosts(count: number): Promise<Host[]> {
    const hosts: Host[] = []
    while (hosts.length < count) hosts.push(await this.addHost())
    return hosts
  }

  /** Ends all of its processes, and removes it. */
  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()))
    await ip(`netns delete ${this.#prefix}`)
    await rm(this.folder, { recursive: true })
  }
}

/** Measures before all else on this machine: niceness counts within a session alone where Linux groups processes by it (sched(7)). */
function raisePriority(): void {
  try {
    setPriority(PRIORITY)
    if (existsSync(AUTOGROUP)) writeFileSync(AUTOGROUP, String(PRIORITY))
  } catch {
    // A container may not let it: then what else runs here is measured too.
  }
}
