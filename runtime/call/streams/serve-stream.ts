import { refuse, refuseMisfit } from '../../errors/refuse.js'
import type { WireAnswer } from '../../wire/exchange.js'
import type { ArrivedStreamCall, ItemReader, Pulled, ServedStream, StreamSides } from '../../wire/streams.js'
import { CallContext } from '../call-context.js'
import { findServed } from '../find-served.js'
import { answerThrown } from '../flags/answer-thrown.js'
import type { CallScope } from '../scope/call-scope.js'
import type { ServiceOptions } from '../service-options.js'
import { readArrivedMetadata, readInput } from '../wire-values.js'
import { HandlerStream } from './handler-stream.js'

/** What the service does around a stream. */
export interface StreamHooks {
  /** Throws where it may not begin. */
  readonly admit: () => void
  /** Nothing of it runs any more that somebody waits for. Called again, it does no harm. */
  readonly onEnd: () => void
}

/** Serves a call with a stream. */
export function serveStream(
  options: ServiceOptions,
  call: ArrivedStreamCall,
  scope: CallScope,
  { admit, onEnd }: StreamHooks,
): ServedStream {
  options.logger.debug('remote request', { tag: call.tag, caller: call.caller?.id })
  let reader: ItemReader<unknown, unknown> | undefined
  return {
    pull: async (): Promise<Pulled<string, WireAnswer>> => {
      try {
        reader ??= openHandler(options, call, scope, admit)
        const pulled = await reader.pull()
        // In the form of the wire items and output are texts.
        if (!pulled.done) return { done: false, value: pulled.value as string }
        onEnd()
        return { done: true, value: { ok: true, body: (pulled.value as string | undefined) ?? 'null' } }
      } catch (thrown) {
        const answer = answerThrown(options, thrown, call, scope)
        const value = answer instanceof Promise ? await answer : answer
        onEnd()
        return { done: true, value }
      }
    },
    onStop: (listener) => scope.onStopAround(listener),
    cancel: () => {
      scope.stop({ code: 'canceled', message: `${call.tag} was canceled by its caller` })
      onEnd()
    },
  }
}

/** Throws where the two sides do not mean the same kind of call. */
export function checkSides(tag: string, here: StreamSides | undefined, called: StreamSides | undefined): void {
  if (here === called) return
  throw refuseMisfit(
    'failed_precondition',
    `${tag} has ${nameSides(here)} here, and was called with ${nameSides(called)}: build both sides from the same schema`,
  )
}

function nameSides(sides: StreamSides | undefined): string {
  if (sides === undefined) return 'no stream'
  return sides === 'both' ? 'streams as its input and output' : `a stream as its ${sides}`
}

function openHandler(
  options: ServiceOptions,
  call: ArrivedStreamCall,
  scope: CallScope,
  admit: () => void,
): HandlerStream {
  const { peer, logger, calleeInterceptors } = options
  try {
    admit()
    const connection = findServed(options, call.tag)
    checkSides(call.tag, connection.sides, call.sides)
    const { handler } = connection
    if (handler === undefined) throw refuse('internal', `${call.tag} is served without a handler`)
    return new HandlerStream({
      connection,
      handler,
      input: connection.descriptor.input === 'value' ? readInput(call) : undefined,
      items: call.items,
      form: 'wire',
      context: new CallContext(peer, call.tag, scope, call.caller),
      scope,
      logger,
      interception: calleeInterceptors && { interceptors: calleeInterceptors, metadata: readArrivedMetadata(call) },
    })
  } catch (thrown) {
    call.items?.cancel()
    throw thrown
  }
}
