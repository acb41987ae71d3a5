import { createHash } from 'node:crypto'
import type { ArrivedCall, ServedCall, WireAnswer } from '../../wire/exchange.js'
import { createRefusal } from '../../wire/refusal-record.js'
import type { Deadline, Deadlines } from '../scope/deadlines.js'
import { KeptAnswers } from './kept-answers.js'

/** A call that arrived with a name, its input read. */
export interface NamedCall extends ArrivedCall {
  readonly callId: string
  readonly input: { readonly value: unknown }
}

/** How long a handler goes on whose caller was lost, in milliseconds: the caller may repeat its call over another connection. */
const REPEAT_WITHIN_MS = 2_000

/** Up to this length, in UTF-16 units, calls are compared as they are, and longer ones by their hash. */
const MAX_PLAIN_LENGTH = 100

/**
 * Runs a call once, however often it arrives: a repeat waits for the answer of the first, or gets the answer that was kept.
 * Ids are those of one caller: another one's mean nothing here.
 *
 * A call that was refused before its handler ran is forgotten at once, so that a repeat may run. An id that comes with another
 * tag, input or metadata is refused with `already_exists`.
 */
export class RepeatedCalls {
  readonly #serve: (call: NamedCall) => ServedCall
  readonly #deadlines: Deadlines
  readonly #running = new Map<string, RunningCall>()
  readonly #kept = new KeptAnswers()

  constructor(serve: (call: NamedCall) => ServedCall, deadlines: Deadlines) {
    this.#serve = serve
    this.#deadlines = deadlines
  }

  serve(call: NamedCall): ServedCall {
    // No call's id has a blank.
    const key = `${call.caller?.id ?? ''} ${call.callId}`
    const print = createPrint(call)
    const known = this.#running.get(key) ?? this.#kept.find(key)
    if (known === undefined) return this.#begin(key, print, call)
    if (known.print !== print) return answerNow({ ok: false, error: refuseReuse(call.callId) })
    return known instanceof RunningCall ? known.join() : answerNow(known.answer)
  }

  /** Forgets all answers. */
  close(): void {
    this.#kept.close()
  }

  #begin(key: string, print: string, call: NamedCall): ServedCall {
    const served = this.#serve(call)
    if (!(served.answer instanceof Promise)) {
      this.#keep(key, print, served.answer)
      return served
    }
    const running = new RunningCall(print, served, this.#deadlines)
    this.#running.set(key, running)
    void served.answer.then((answer) => {
      this.#running.delete(key)
      running.end()
      this.#keep(key, print, answer)
    })
    return running.join()
  }

  #keep(key: string, print: string, answer: WireAnswer): void {
    if (answer.ok || answer.flag !== undefined || answer.error.maybeExecuted) this.#kept.add(key, { print, answer })
  }
}

/** A call that has no answer yet, and those who wait for it. */
class RunningCall implements Deadline {
  readonly print: string
  readonly #served: ServedCall
  readonly #deadlines: Deadlines
  #waiting = 0
  expiresAtMs = Number.POSITIVE_INFINITY
  previous: Deadline | undefined
  next: Deadline | undefined

  constructor(print: string, served: ServedCall, deadlines: Deadlines) {
    this.print = print
    this.#served = served
    this.#deadlines = deadlines
  }

  join(): ServedCall {
    this.#waiting++
    this.#deadlines.remove(this)
    let isWaiting = true
    return {
      answer: this.#served.answer,
      cancel: (isLost = false) => {
        if (isWaiting) this.#leave(isLost)
        isWaiting = false
      },
    }
  }

  expire(): void {
    this.#served.cancel()
  }

  end(): void {
    this.#deadlines.remove(this)
  }

  #leave(isLost: boolean): void {
    this.#waiting--
    if (this.#waiting > 0) return
    if (!isLost) {
      this.#served.cancel()
      return
    }
    this.expiresAtMs = performance.now() + REPEAT_WITHIN_MS
    this.#deadlines.add(this)
  }
}

/** Metadata count too: who cannot show the token of the first call does not get its answer. */
function createPrint({ tag, input: { value }, metadata }: NamedCall): string {
  const text = `${tag} ${JSON.stringify(value)}${metadata === undefined ? '' : ` ${JSON.stringify(metadata)}`}`
  return text.length <= MAX_PLAIN_LENGTH ? text : createHash('sha256').update(text).digest('base64')
}

function refuseReuse(callId: string): ReturnType<typeof createRefusal> {
  return createRefusal(
    'already_exists',
    `call id "${callId}" was used for another tag, input or metadata: give each call an id of its own`,
  )
}

function answerNow(answer: WireAnswer): ServedCall {
  return { answer, cancel: () => {} }
}
