import { bundleProgram } from '../bundle-program.js'
import type { Host } from './host.js'
import type { HostileReport, HostileTask } from './hostile-program.js'
import type { NetworkPeer } from './network-peer.js'
import { runTool } from './run-tool.js'

/** Has a stranger on a host send what it can to a peer, and answers what it sent and heard. */
export async function startHostile(
  host: Host,
  { target, peer, other }: { target: string; peer: NetworkPeer; other: NetworkPeer },
): Promise<HostileReport> {
  const task: HostileTask = { own: host.address, target, port: peer.port, peerId: peer.id, otherId: other.id }
  const program = await bundleProgram(new URL('./hostile-program.ts', import.meta.url))
  const args = ['netns', 'exec', host.namespace, process.execPath, program, JSON.stringify(task)]
  return JSON.parse(await runTool('ip', args)) as HostileReport
}
