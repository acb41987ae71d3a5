import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** One run of a program, from its start to its end. */
export interface ProcessRun {
  readonly ok: boolean
  readonly tookMs: number
  /** Of all processors together, by it and by the processes that it waited for; absent where the system cannot tell. */
  readonly processorMs?: number
  /** Of the largest process among it and those that it started; absent where the system cannot tell. */
  readonly peakMb?: number
  readonly output: string
}

const TIME_LIMIT_MS = 300_000

/** GNU time asks the kernel for the peak memory and the processor time of a process, which Node cannot do for its children. */
const GNU_TIME = '/usr/bin/time'
const MEASURED = /^peak (\d+) user ([\d.]+) system ([\d.]+)$/m

/** Runs a program with nothing on its input. Never throws for what the program does. */
export function runProcess(command: readonly string[], cwd: string): ProcessRun {
  const hasTime = existsSync(GNU_TIME)
  const [program = '', ...args] = hasTime ? [GNU_TIME, '-f', 'peak %M user %U system %S', ...command] : command
  const startedAtMs = performance.now()
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: TIME_LIMIT_MS,
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, NODE_NO_WARNINGS: '1', DO_NOT_TRACK: '1', OPENAPI_TS_TELEMETRY: '0' },
  })
  const tookMs = performance.now() - startedAtMs
  const measured = MEASURED.exec(stderr)?.slice(1).map(Number)
  return {
    ok: status === 0,
    tookMs,
    ...(measured && readMeasured(measured)),
    output: stdout + stderr,
  }
}

function readMeasured([peakKb = 0, userSeconds = 0, systemSeconds = 0]: readonly number[]): Partial<ProcessRun> {
  return { peakMb: peakKb / 1024, processorMs: (userSeconds + systemSeconds) * 1000 }
}
