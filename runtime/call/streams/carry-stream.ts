import { decodeJson } from '../../wire/decode-json.js'
import type { ReceivedAnswer } from '../../wire/exchange.js'
import { receiveAnswer } from '../../wire/receive-answer.js'
import type {
  ArrivedStreamCall,
  ItemSource,
  Pulled,
  ReceivedStream,
  ServedStream,
  WireStreamCall,
} from '../../wire/streams.js'
import type { CallScope } from '../scope/call-scope.js'

/**
 * Carries a call with a stream to somebody in this process, as if its items had travelled: written as text, and read again. When
 * the scope is stopped, the call is canceled. `onEnd` is called when it is over.
 */
export function carryStream(
  call: WireStreamCall,
  scope: CallScope,
  serve: (call: ArrivedStreamCall) => ServedStream,
  onEnd: () => void = () => {},
): ReceivedStream {
  const { items, body, ...rest } = call
  scope.maybeExecuted = true
  const served = serve({
    ...rest,
    input: { text: body },
    ...(items === undefined ? {} : { items: receiveItems(items) }),
  })
  let rejectPull: ((error: Error) => void) | undefined
  const end = (): void => {
    items?.cancel()
    onEnd()
  }
  scope.onStop((reason) => {
    rejectPull?.(scope.toError(reason))
    served.cancel()
    end()
  })
  return {
    pull: () =>
      new Promise((resolve, reject) => {
        if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
        rejectPull = reject
        // Through a function of its own: V8 would follow a bare one, and give the callee's stack the caller's frames.
        void Promise.resolve(served.pull()).then((pulled) => {
          if (pulled.done) end()
          resolve(receivePulled(pulled))
        })
      }),
  }
}

function receivePulled(pulled: Awaited<ReturnType<ServedStream['pull']>>): Pulled<unknown, ReceivedAnswer> {
  if (pulled.done) return { done: true, value: receiveAnswer(pulled.value) }
  return { done: false, value: decodeJson(pulled.value) }
}

function receiveItems(items: ItemSource<string, undefined>): ItemSource<unknown, undefined> {
  return {
    pull: async () => {
      const pulled = await items.pull()
      return pulled.done ? pulled : { done: false, value: decodeJson(pulled.value) }
    },
    cancel: () => items.cancel(),
  }
}
