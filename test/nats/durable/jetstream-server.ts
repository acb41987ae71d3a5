import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NatsServer, startNats } from '../nats-server.js'

/** A server with JetStream, which can be killed, and started again where it was, with what it had stored. */
export interface JetStreamServer {
  readonly url: string
  readonly process: NatsServer['process']
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>
  /** Starts it again, at the same port and with the same folder. */
  restart(): Promise<void>
  /** Ends it, and deletes what it had stored. */
  stop(): Promise<void>
}

/** Starts a server that stores in a folder of its own. `config` is the rest of its configuration file. */
export async function startJetStream(config = ''): Promise<JetStreamServer> {
  const folder = await mkdtemp(join(tmpdir(), 'netgen-jetstream-'))
  const whole = `jetstream { store_dir: ${JSON.stringify(folder)}, max_file: 2GB }\n${config}`
  let server = await startNats(whole)
  const kill = async (): Promise<void> => {
    if (server.process.exitCode !== null || server.process.signalCode !== null) return
    const ended = new Promise((resolve) => server.process.once('exit', resolve))
    server.process.kill('SIGKILL')
    await ended
  }
  return {
    get url() {
      return server.url
    },
    get process() {
      return server.process
    },
    kill,
    restart: async () => {
      await kill()
      const { port } = server
      await server.stop()
      server = await startNats(whole, port)
    },
    stop: async () => {
      await kill()
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}
