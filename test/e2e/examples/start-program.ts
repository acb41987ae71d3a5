import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const FIXTURES = fileURLToPath(new URL('../../../fixtures/', import.meta.url))

/** A program of an example, in a process of its own. */
export interface Program {
  /** What it has printed, line by line. */
  readonly lines: readonly string[]
  /** Resolves when it has printed so many lines. */
  whenPrinted(lines: number): Promise<readonly string[]>
  /** Asks it to end, unless it ends by itself. Resolves with its exit code, 0 where all is well. */
  end(isAsked?: boolean): Promise<number | null>
}

/** Starts a program by its path under `fixtures/`, among the peers of one registry folder. */
export function startProgram(registry: string, path: string, ...args: string[]): Program {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', `${FIXTURES}${path}`, ...args], {
    cwd: FIXTURES,
    env: { ...process.env, NET_REGISTRY: registry, NET_PORT_START: '3110' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const exiting = once(child, 'exit')
  return {
    lines,
    whenPrinted: async (count) => {
      await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count)
      return lines
    },
    end: async (isAsked = true) => {
      if (isAsked) child.kill('SIGTERM')
      const [code] = (await exiting) as [number | null]
      return code
    },
  }
}
