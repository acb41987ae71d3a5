import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { RemotePeer } from 'netgen/runtime'
import { bundleProgram } from '../bundle-program.js'
import { findPort } from '../find-port.js'
import { FaultProxy } from './fault-proxy.js'
import type { Order, Told } from './faulty-server.js'

/** A peer in a process of its own, and the proxy through which alone it is reached. */
export interface FaultyPeer {
  /** As others know it: at the proxy's address. */
  readonly peer: RemotePeer
  readonly proxy: FaultProxy
  emit(many: number): void
  /** Has the handler of the next call wait in its midst. Resolves when it would. */
  hold(): Promise<void>
  /** Resolves when it does. */
  untilHeld(): Promise<void>
  /** Lets it go on, and all others. */
  letGo(): void
  /** With what the handler of `echo` was called: the first 36 letters. */
  listCalled(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Starts both, in a registry where nobody else is: who has the same key finds it at the proxy's address, and nowhere else. */
export async function startFaulty(registry: string, key: string): Promise<FaultyPeer> {
  const proxy = await FaultProxy.open()
  const port = await findPort()
  proxy.target(port)
  const program = await bundleProgram(new URL('./faulty-server.ts', import.meta.url))
  const child = fork(program, {
    env: { ...process.env, NET_REGISTRY: registry, KEY: key, PORT: `${port}`, ADVERTISE: `127.0.0.1:${proxy.port}` },
  })
  const hear = async <Kind extends Told>(fits: (told: Told) => told is Kind): Promise<Kind> => {
    for (;;) {
      const [told] = (await once(child, 'message')) as [Told]
      if (fits(told)) return told
    }
  }
  const tell = (order: Order): void => void child.send(order)
  const { id } = await hear((told) => typeof told === 'object' && 'id' in told)
  return {
    peer: { id, host: '127.0.0.1', port: proxy.port, group: 'default', hub: false },
    proxy,
    emit: (many) => tell({ emit: many }),
    hold: async () => {
      tell('hold')
      await hear((told) => told === 'holding')
    },
    letGo: () => tell('go'),
    untilHeld: async () => void (await hear((told) => told === 'held')),
    listCalled: async () => {
      tell('list')
      return (await hear((told) => typeof told === 'object' && 'called' in told)).called
    },
    close: async () => {
      await proxy.close()
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
