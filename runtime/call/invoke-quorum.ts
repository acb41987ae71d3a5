import type { PeerResult, PeerValue } from '../api/call.js'
import { refuse } from '../errors/refuse.js'
import type { CallSite } from '../traceback/call-site.js'
import { aggregateFailures } from './aggregate-failures.js'
import { type CallEachOptions, type EachPeer, findEach } from './call-each.js'
import type { ConnectedConnection } from './connected-connection.js'
import { mapConcurrently } from './map-concurrently.js'
import { readCallAllArguments, readQuorumArguments } from './read-arguments.js'

/** Calls peers like a call to all, and answers with the first that succeeds; the others are canceled. Rejects as a quorum of one does. */
export async function invokeFirst(
  options: CallEachOptions,
  connection: ConnectedConnection,
  args: readonly unknown[],
  site: CallSite,
): Promise<PeerValue<unknown>> {
  const [first] = await invokeSome(
    options,
    connection,
    () => ({ ...readCallAllArguments(connection, args), count: 1 }),
    site,
  )
  return first as PeerValue<unknown>
}

/**
 * Calls peers like a call to all, and answers with the first so many that succeed, in the order in which they do; the others are canceled.
 * Rejects with an `AggregateError` as soon as so many cannot succeed any more, and with `unavailable` where so many are not there.
 */
export function invokeQuorum(
  options: CallEachOptions,
  connection: ConnectedConnection,
  args: readonly unknown[],
  site: CallSite,
): Promise<PeerValue<unknown>[]> {
  return invokeSome(options, connection, () => readQuorumArguments(connection, args), site)
}

async function invokeSome(
  options: CallEachOptions,
  connection: ConnectedConnection,
  read: () => ReturnType<typeof readQuorumArguments>,
  site: CallSite,
): Promise<PeerValue<unknown>[]> {
  try {
    const { count, ...args } = read()
    const each = await findEach(options, connection, args, site)
    const called = each.peers.length
    if (called < count) throw refuse('unavailable', explainFew(connection.tag, count, called))
    const results = await collect(each, count, options.concurrency)
    const values = results.flatMap((result) =>
      result.status === 'fulfilled' ? [{ peer: result.peer, value: result.value }] : [],
    )
    if (values.length === count) return values
    const { signal } = args.options
    // Who has given up wants no list of who was given up, nor what one of them failed with before.
    if (signal?.aborted === true) throw refuseCanceled(connection.tag, signal.reason)
    const needed = count === 1 ? '' : `, where ${count} have to succeed`
    throw aggregateFailures({ tag: connection.tag, called, results, needed }, site)
  } catch (thrown) {
    throw options.invoker.explain(thrown, site)
  }
}

/** What came until so many succeeded, or could not any more. */
function collect(
  { peers, signal, call }: EachPeer,
  count: number,
  concurrency: number,
): Promise<PeerResult<unknown>[]> {
  const controller = new AbortController()
  // Of signals that are combined Node keeps something for as long as one of them lives, which may be the process.
  const cancel = (): void => controller.abort(signal?.reason)
  if (signal?.aborted === true) cancel()
  signal?.addEventListener('abort', cancel)
  const results: PeerResult<unknown>[] = []
  let missing = count
  let spare = peers.length - count
  return new Promise((resolve) => {
    const isOver = (): boolean => missing === 0 || spare < 0
    const add = (result: PeerResult<unknown>): void => {
      if (isOver()) return
      results.push(result)
      if (result.status === 'fulfilled') missing--
      else spare--
      if (!isOver()) return
      resolve(results)
      controller.abort(new DOMException('enough peers have answered', 'AbortError'))
    }
    void mapConcurrently(peers, concurrency, async (peer) => {
      if (isOver()) return
      try {
        add({ peer, status: 'fulfilled', value: await call(peer, controller.signal) })
      } catch (reason) {
        add({ peer, status: 'rejected', reason })
      }
    }).then(() => signal?.removeEventListener('abort', cancel))
  })
}

function refuseCanceled(tag: string, cause: unknown): Error {
  return refuse('canceled', `${tag} was canceled by its caller`, { maybeExecuted: true, cause })
}

function explainFew(tag: string, count: number, called: number): string {
  const peers = `${count} ${count === 1 ? 'peer' : 'peers'}`
  return `${tag} has to succeed at ${peers}, and ${called} ${called === 1 ? 'is' : 'are'} there`
}
