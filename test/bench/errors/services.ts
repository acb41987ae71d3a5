import type { Service } from './service.js'
import { connect } from './services/connect.js'
import { grpc } from './services/grpc.js'
import { netgen } from './services/netgen.js'
import { orpc } from './services/orpc.js'
import { trpc } from './services/trpc.js'

/** By the name that stands on the command line. */
export const services: Readonly<Record<string, Service>> = { netgen, trpc, orpc, connect, grpc }
