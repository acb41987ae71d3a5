import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server of NATS on a free port of loopback, in a process of its own. */
export interface NatsServer {
  readonly url: string
  readonly port: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/**
 * Why NATS cannot run here; undefined where it can. Debian and its like have it as `nats-server`, and root installs it. Where
 * `NETGEN_NATS` is `required`, it has to run: then this throws instead.
 */
export function prepareNats(): string | undefined {
  const isThere = (): boolean => spawnSync('nats-server', ['--version']).error === undefined
  if (isThere()) return undefined
  const lock = join(tmpdir(), 'netgen-tools.lock')
  const get = 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nats-server'
  if (process.getuid?.() === 0)
    spawnSync('flock', [lock, 'sh', '-c', `command -v nats-server >/dev/null || { ${get}; }`])
  if (isThere()) return undefined
  if (process.env['NETGEN_NATS'] === 'required') throw new Error('nats-server is required, and cannot be installed')
  return 'it needs nats-server, which is not installed: run apt-get install nats-server'
}

/** Where a server listens. */
export interface NatsPlace {
  /** Default: loopback. */
  readonly host?: string
  /** A network namespace. Default: that of the tests. */
  readonly namespace?: string
}

/** Starts a server. `config` is the rest of its configuration file; `port` is one that a server had before. Default: a free one. */
export async function startNats(
  config = '',
  port = '-1',
  { host = '127.0.0.1', namespace }: NatsPlace = {},
): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'netgen-nats-'))
  const file = join(folder, 'nats.conf')
  // As large as the largest answer, with room for what is around it.
  await writeFile(file, `listen: "${host}:${port}"\nmax_payload: 5MB\n${config}`)
  const inside = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace]
  const [command = '', ...rest] = [...inside, 'nats-server', '-c', file]
  const server = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines = createInterface({ input: server.stderr })
  const url = await new Promise<string>((resolve, reject) => {
    let log = ''
    lines.on('line', (line) => {
      log += `${line}\n`
      const [, address] = /Listening for client connections on (\S+)$/.exec(line) ?? []
      if (address !== undefined) resolve(`nats://${address}`)
    })
    server.once('exit', () => reject(new Error(`nats-server has ended:\n${log}`)))
  })
  return {
    url,
    port: new URL(url).port,
    process: server,
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill()
        await once(server, 'exit')
      }
      await rm(folder, { recursive: true })
    },
  }
}
