import { readFile, writeFile } from 'node:fs/promises'
import { installPackages } from '../install-packages.js'
import { runTool } from './run-tool.js'

/**
 * Why this machine can have no networks of its own; undefined where it can. What is missing is installed, as root on Debian and
 * its like: `ip` of iproute2 and `nft` of nftables.
 */
export async function prepareTools(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `it needs network namespaces, which ${process.platform} does not have`
  if (process.getuid?.() !== 0) return 'it needs root, for network namespaces: run it with sudo, or in a container'
  try {
    await installPackages(['ip', 'nft'], ['iproute2', 'nftables'])
    await makeRoom()
    // A container may be root and still not be allowed to.
    const probe = `netgen-probe-${process.pid}`
    await runTool('ip', ['netns', 'add', probe])
    await runTool('ip', ['netns', 'delete', probe])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * Thirty-two machines have 992 neighbours, and the kernel's usual room is for 1,024 of all namespaces together: then some of them
 * could not be reached. What is raised stays so; it costs nothing unless it is used.
 */
async function makeRoom(): Promise<void> {
  for (const [name, least] of Object.entries({ gc_thresh2: 4_096, gc_thresh3: 8_192 })) {
    const path = `/proc/sys/net/ipv4/neigh/default/${name}`
    if (Number(await readFile(path, 'utf8')) < least) await writeFile(path, String(least))
  }
}
