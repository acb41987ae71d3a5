import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a command of the system. Rejects with what it wrote to stderr. */
export async function runTool(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, args)).stdout
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr.trim()}`, { cause })
  }
}

/** Runs `ip` with words that blanks separate. */
export function ip(line: string): Promise<string> {
  return runTool('ip', line.split(' '))
}
