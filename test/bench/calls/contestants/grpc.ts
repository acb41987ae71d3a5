import { join } from 'node:path'
import {
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  type sendUnaryData,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { BENCH_FOLDER } from '../../measure/folders.js'
import type { Client, Contestant } from '../contestant.js'
import { doWork, WORK_NAMES } from '../work.js'

function loadService(): ServiceClientConstructor {
  const definition = loadSync(join(BENCH_FOLDER, 'calls/proto/bench.proto'), { keepCase: false, defaults: false })
  const { v1 } = loadPackageDefinition(definition)['bench'] as GrpcObject
  return (v1 as GrpcObject)['Bench'] as ServiceClientConstructor
}

type Handler = (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) => void

/** gRPC's own library for Node, with protobufjs. */
export const grpc: Contestant = {
  wire: 'grpc-js, HTTP/2, protobuf',
  checks: 'protobuf decoding',
  startServer: () => {
    const server = new Server()
    const handlers = WORK_NAMES.map((name): [string, Handler] => {
      return [name, ({ request }, done) => done(null, doWork(name, request))]
    })
    server.addService(loadService().service, Object.fromEntries(handlers))
    return new Promise((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve({ address: String(port), close: () => server.forceShutdown() })
        else reject(error)
      })
    })
  },
  createClient: async (port): Promise<Client> => {
    const Service = loadService()
    const client = new Service(`127.0.0.1:${port}`, credentials.createInsecure())
    const call = <Output>(name: string, input: unknown): Promise<Output> =>
      new Promise((resolve, reject) => {
        const method = client[name] as (input: unknown, done: (error: Error | null, output: Output) => void) => void
        method.call(client, input, (error, output) => (error === null ? resolve(output) : reject(error)))
      })
    return {
      add: (pair) => call('add', pair),
      echoUser: (user) => call('echoUser', user),
      echoStock: (stock) => call('echoStock', stock),
      close: () => client.close(),
    }
  },
}
