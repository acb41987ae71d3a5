import type { CallEachOptions } from './call-each.js'
import type { ManyRunner } from './create-stub.js'
import { invokeAll } from './invoke-all.js'
import { invokeFirst, invokeQuorum } from './invoke-quorum.js'

/** Runs calls to many peers for stubs. */
export function createManyRunner(options: CallEachOptions): ManyRunner {
  return {
    all: (connection, args, site) => invokeAll(options, connection, args, site),
    first: (connection, args, site) => invokeFirst(options, connection, args, site),
    quorum: (connection, args, site) => invokeQuorum(options, connection, args, site),
  }
}
