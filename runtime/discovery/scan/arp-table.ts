import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { isLoopback, parseIP } from '../../api/address.js'

/** How long `arp -a` may take, in milliseconds: it asks for the names of what it lists. */
const ARP_TIMEOUT_MS = 2_000

/** The IPv4 addresses of the machines that this one has talked to on its networks: from Linux, or from `arp -a`. */
export async function readArpTable(): Promise<string[]> {
  try {
    return parseProcArp(await readFile('/proc/net/arp', 'utf8'))
  } catch {
    const { stdout } = await promisify(execFile)('arp', ['-a'], { timeout: ARP_TIMEOUT_MS })
    return parseArpList(stdout)
  }
}

/** Reads `/proc/net/arp`: the first column of each line behind the first, where the third says that somebody answered. */
export function parseProcArp(text: string): string[] {
  const lines = text.split('\n').slice(1)
  return keepAddresses(
    lines.flatMap((line) => {
      const [address, , flags] = line.trim().split(/\s+/)
      return address === undefined || Number(flags) === 0 ? [] : [address]
    }),
  )
}

/** Reads `arp -a` of any system: each address that stands beside a hardware address. */
export function parseArpList(text: string): string[] {
  const lines = text.split('\n').filter((line) => /(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}/i.test(line))
  return keepAddresses(lines.flatMap((line) => /\d{1,3}(?:\.\d{1,3}){3}/.exec(line)?.[0] ?? []))
}

/** Each once; groups (224.0.0.0/4) and what means everybody are nobody. */
function keepAddresses(addresses: readonly string[]): string[] {
  const isHost = (address: string): boolean => {
    const first = Number(address.split('.')[0])
    return parseIP(address) !== undefined && !isLoopback(address) && first < 224 && !address.endsWith('.255')
  }
  return [...new Set(addresses)].filter(isHost)
}
