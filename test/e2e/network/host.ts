import { type Gate, type NetworkPeer, startNetworkPeer } from './network-peer.js'
import { ip, runTool } from './run-tool.js'

/** A machine of the test bed: a network namespace. */
export class Host {
  readonly namespace: string
  readonly address: string
  readonly registry: string
  readonly #peers: NetworkPeer[] = []

  constructor(namespace: string, address: string, registry: string) {
    this.namespace = namespace
    this.address = address
    this.registry = registry
  }

  async create(): Promise<void> {
    await ip(`netns add ${this.namespace}`)
    await ip(`-n ${this.namespace} link set lo up`)
    await this.#nft('add table inet faults')
    await this.#nft('add chain inet faults input { type filter hook input priority 0 ; }')
  }

  /** Connects its interface with the bridge of a namespace. */
  async plugIn(bridge: string): Promise<void> {
    const port = `port${this.address.split('.').at(-1)}`
    await ip(`-n ${bridge} link add ${port} type veth peer name eth0 netns ${this.namespace}`)
    await ip(`-n ${bridge} link set ${port} master bridge up`)
    await ip(`-n ${this.namespace} address add ${this.address}/24 dev eth0`)
    await ip(`-n ${this.namespace} link set eth0 up`)
    await ip(`-n ${this.namespace} route replace 224.0.0.0/4 dev eth0`)
  }

  /** Gives its interface one more address. */
  async addAddress(address: string): Promise<void> {
    await ip(`-n ${this.namespace} address add ${address}/24 dev eth0`)
  }

  /** Starts a peer, with these variables of the environment; where there is a gate, when that opens. */
  async start(env: Record<string, string> = {}, gate?: Gate): Promise<NetworkPeer> {
    const variables = { NET_HOST: '0.0.0.0', NET_REGISTRY: this.registry, ...env }
    const peer = await startNetworkPeer(this.namespace, variables, gate)
    this.#peers.push(peer)
    return peer
  }

  /** Takes the interface away; `plugIn` gives it back. */
  async unplug(): Promise<void> {
    await ip(`-n ${this.namespace} link delete eth0`)
  }

  /** Pulls the cable; `heal` puts it back. */
  async cut(): Promise<void> {
    await ip(`-n ${this.namespace} link set eth0 down`)
  }

  async heal(): Promise<void> {
    await ip(`-n ${this.namespace} link set eth0 up`)
    await ip(`-n ${this.namespace} route replace 224.0.0.0/4 dev eth0`)
  }

  /** Loses this share of all packets that arrive, in percent. */
  async lose(percent: number): Promise<void> {
    await this.#nft(`add rule inet faults input iifname eth0 numgen random mod 100 < ${percent} drop`)
  }

  /** Loses all that comes from another host. */
  async goDeafTo(other: Host): Promise<void> {
    await this.#nft(`add rule inet faults input ip saddr ${other.address} drop`)
  }

  /** Takes no connection, and no datagram but the announcements of others and what answers its own, as usual firewalls do. */
  async raiseFirewall(): Promise<void> {
    for (const rule of ['iifname lo accept', 'ct state established,related accept', 'udp dport 5353 accept', 'drop']) {
      await this.#nft(`add rule inet faults input ${rule}`)
    }
  }

  /** Loses nothing any more. */
  async mend(): Promise<void> {
    await this.#nft('flush chain inet faults input')
  }

  async close(): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.kill()))
    await ip(`netns delete ${this.namespace}`)
  }

  async #nft(command: string): Promise<void> {
    await runTool('ip', ['netns', 'exec', this.namespace, 'nft', ...command.split(' ')])
  }
}
