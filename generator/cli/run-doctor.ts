import type { DoctorCommand } from './command.js'
import { type DoctorReport, reportEngine } from './doctor-report.js'
import type { Terminal } from './terminal.js'

/** What the environment says to every peer. */
type Environment = Readonly<Partial<Record<string, string>>>

/** What is printed with `--json`. */
interface Outcome extends DoctorReport {
  readonly ok: boolean
  readonly findings?: unknown
}

/**
 * Runs `netgen doctor`: looks at an engine or, where none is named, starts a peer as the environment has it, and says what was found
 * and what is promised with it.
 *
 * @returns The exit code: 0 done, 1 where something is missing that a peer needs, 2 where the command line or the environment is wrong.
 */
export async function runDoctor(command: DoctorCommand, env: Environment, terminal: Terminal): Promise<number> {
  const { NetgenError } = await import('netgen/runtime')
  const group = command.group ?? (env['NET_GROUP'] || 'default')
  const engine = command.engine ?? env['NET_ENGINE']
  try {
    if (command.permissions) {
      const { listPermissions } = await import('netgen/nats')
      terminal.printData(printPermissions(listPermissions(group, { durable: command.durable }), command.json))
      return 0
    }
    if (!engine && command.monitoring !== undefined) {
      const remedy = 'name it, as in `netgen doctor nats://localhost:4222`, or NET_ENGINE'
      throw new NetgenError('invalid_argument', `option "--monitoring" needs an engine: ${remedy}`)
    }
    const outcome = engine ? await lookAtEngine(engine, group, command, env) : await lookHere(group)
    print(outcome, command.json, terminal)
    return outcome.ok ? 0 : 1
  } catch (error) {
    if (!(error instanceof NetgenError)) throw error
    if (command.json) terminal.printData(JSON.stringify({ ok: false, problems: [error.message] }))
    else terminal.printMessage(`netgen: ${error.message}`)
    return error.code === 'invalid_argument' ? 2 : 1
  }
}

async function lookAtEngine(
  engine: string,
  group: string,
  { monitoring }: DoctorCommand,
  env: Environment,
): Promise<Outcome> {
  const { inspectEngine, nats } = await import('netgen/nats')
  const servers = engine.split(',').map((server) => server.trim())
  const credentialsFile = env['NET_ENGINE_CREDENTIALS'] || undefined
  const findings = await inspectEngine(nats({ servers }), { group, credentialsFile, monitoring })
  const report = reportEngine(findings, group)
  return { ok: report.problems.length === 0, ...report, findings }
}

/** A peer that starts has had all of it: its folder, its secret, its ports, its key. */
async function lookHere(group: string): Promise<Outcome> {
  const { createPeer } = await import('netgen/runtime')
  const peer = await createPeer({ group })
  try {
    const { host, port } = peer
    const others = await peer.peers({ groups: [group] })
    return {
      ok: true,
      facts: [
        `a peer starts here, with Node ${process.versions.node}`,
        `it listens at ${host}:${port}, the first free one of ${peer.ports.join(', ')}, and then any`,
        `it finds ${others.length === 1 ? 'one other peer' : `${others.length} other peers`} of group ${JSON.stringify(group)}`,
      ],
      warnings: ['no engine is named: `netgen doctor nats://localhost:4222`, or NET_ENGINE, looks at one'],
      problems: [],
      promises: [],
    }
  } finally {
    await peer.close()
  }
}

function print({ facts, warnings, problems, promises, ...others }: Outcome, isJson: boolean, terminal: Terminal): void {
  if (isJson) {
    terminal.printData(JSON.stringify({ ...others, facts, warnings, problems, promises }, null, 2))
    return
  }
  for (const fact of facts) terminal.printData(fact)
  for (const warning of warnings) terminal.printData(`note: ${warning}`)
  for (const promise of promises) terminal.printData(`promised: ${promise}`)
  for (const problem of problems) terminal.printMessage(`netgen: ${problem}`)
}

interface Permissions {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

/** As nats-server reads it in the `authorization` of its configuration. */
function printPermissions(permissions: Permissions, isJson: boolean): string {
  if (isJson) return JSON.stringify(permissions)
  const lines = [
    `publish: ${JSON.stringify(permissions.publish)}`,
    `subscribe: ${JSON.stringify(permissions.subscribe)}`,
  ]
  return `permissions: {\n${lines.map((line) => `  ${line}\n`).join('')}}`
}
