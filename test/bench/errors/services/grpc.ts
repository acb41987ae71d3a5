import { join } from 'node:path'
import {
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type sendUnaryData,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { BENCH_FOLDER } from '../../measure/folders.js'
import { readShelf } from '../read-shelf.js'
import type { Service } from '../service.js'

function loadService(): ServiceClientConstructor {
  const { v1 } = loadPackageDefinition(loadSync(join(BENCH_FOLDER, 'calls/proto/bench.proto')))['bench'] as GrpcObject
  return (v1 as GrpcObject)['Bench'] as ServiceClientConstructor
}

async function add(_call: unknown, done: sendUnaryData<unknown>): Promise<void> {
  try {
    done(null, { sum: await readShelf('tea') })
  } catch (error) {
    // As its documentation shows it.
    done(error as Error)
  }
}

export const grpc: Service = {
  title: 'grpc-js',
  startServer: () => {
    const server = new Server()
    server.addService(loadService().service, { add })
    return new Promise((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve({ address: String(port), close: () => server.forceShutdown() })
        else reject(error)
      })
    })
  },
  connect: async (port) => {
    const Client = loadService()
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
    const call = client['add'] as (input: unknown, done: (error: Error | null, output: unknown) => void) => void
    return {
      countItems: () =>
        new Promise((resolve, reject) => {
          call.call(client, { a: 1, b: 2 }, (error, output) => (error === null ? resolve(output) : reject(error)))
        }),
      close: () => client.close(),
    }
  },
}
