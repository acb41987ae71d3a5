import type { TokenCommand } from './command.js'
import type { Terminal } from './terminal.js'

/**
 * Runs `netgen token`: prints the headers with which this user's HTTP clients may call a peer, a line each, as `curl -H @-` reads
 * them.
 *
 * @returns The exit code: 0 done, 1 where no peer of this user is there, 2 where the address is none.
 */
export async function runToken({ address }: TokenCommand, terminal: Terminal): Promise<number> {
  // By its public name: building and running share no code, and only this command needs what runs.
  const { authorize, NetgenError } = await import('netgen/runtime')
  try {
    for (const [name, value] of Object.entries(await authorize(address))) terminal.printData(`${name}: ${value}`)
    return 0
  } catch (error) {
    if (!(error instanceof NetgenError)) throw error
    terminal.printMessage(`netgen: ${error.message}`)
    return error.code === 'invalid_argument' ? 2 : 1
  }
}
