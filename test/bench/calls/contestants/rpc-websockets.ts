import { Client as RpcClient, Server as RpcServer } from 'rpc-websockets'
import type { Client, Contestant } from '../contestant.js'
import { findFreePort } from '../listen.js'
import { doWork, WORK_NAMES } from '../work.js'

/** JSON-RPC 2.0 over one WebSocket. */
export const rpcWebsockets: Contestant = {
  wire: 'rpc-websockets',
  checks: 'nothing',
  startServer: async () => {
    const port = await findFreePort()
    const server = new RpcServer({ port, host: '127.0.0.1' })
    for (const name of WORK_NAMES) server.register(name, (input) => doWork(name, input))
    await new Promise((resolve) => server.on('listening', resolve))
    return { address: String(port), close: () => server.close() }
  },
  createClient: async (port): Promise<Client> => {
    const client = new RpcClient(`ws://127.0.0.1:${port}`)
    await new Promise((resolve) => client.on('open', resolve))
    // Its types know no plain objects of an interface as parameters.
    const call = <Output>(name: string, input: object): Promise<Output> => {
      return client.call(name, input as Record<string, unknown>) as Promise<Output>
    }
    return {
      add: (pair) => call('add', pair),
      echoUser: (user) => call('echoUser', user),
      echoStock: (stock) => call('echoStock', stock),
      close: () => client.close(),
    }
  },
}
