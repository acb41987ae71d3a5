import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { checkPart, decodePart, encodePart } from '../../validation/check-value.js'
import type { ConnectionChecks } from '../../validation/validate.js'
import type { ItemReader, ItemSource, Pulled } from '../../wire/streams.js'
import { interceptIncoming } from '../interceptors/intercept-incoming.js'
import type { HandlerRun } from '../run-handler.js'
import { runWithin } from '../scope/running-call.js'
import { writeOutput } from '../wire-values.js'
import { HandlerInput } from './handler-input.js'
import { type AnyIterator, closeIterator, openIterator, takeNext } from './iterate.js'

/** What one run of a handler with a stream needs. */
export interface StreamRun extends HandlerRun {
  /** The items of the input, where it is a stream: as JSON values that are not checked, or the application's that are. */
  readonly items?: ItemSource<unknown, undefined> | undefined
  /** What the stream ends with where its handler threw; throws where that is an error. Default: it throws what was thrown. */
  readonly settle?: (thrown: unknown) => Promise<unknown>
}

/**
 * A connection's handler at work, where its input, its output or both are streams: the items of the output, and as ending the
 * output where it is none. In the form `wire` both are JSON text. The handler begins with the first pull, and goes on only as
 * far as it is pulled.
 *
 * A pull rejects with what the handler throws, untouched; with a refusal where a check fails; or with the scope's reason, when
 * it is stopped. However it ends, generators are closed, and the items of the input are canceled.
 */
export class HandlerStream implements ItemReader<unknown, unknown> {
  readonly #run: StreamRun
  #checks: ConnectionChecks | undefined
  #input: HandlerInput | undefined
  #output: AnyIterator | undefined
  #index = 0
  #reject: ((error: Error) => void) | undefined

  constructor(run: StreamRun) {
    this.#run = run
    run.scope.onStop((reason) => this.#stop(run.scope.toError(reason)))
  }

  pull(): Promise<Pulled<unknown, unknown>> {
    const { scope } = this.#run
    return new Promise((resolve, reject) => {
      if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
      this.#reject = reject
      // Through functions of their own, as everywhere between caller and callee: V8 would follow bare ones.
      this.#advance().then(
        (pulled) => resolve(pulled),
        (thrown: unknown) => {
          if (scope.stopped === undefined) this.#end()
          else this.#logLate(thrown)
          const { settle } = this.#run
          if (settle === undefined || scope.stopped !== undefined) reject(thrown)
          else settle(thrown).then((value) => resolve({ done: true, value }), reject)
        },
      )
    })
  }

  async #advance(): Promise<Pulled<unknown, unknown>> {
    const { connection, scope } = this.#run
    if (this.#checks === undefined) {
      this.#checks = await connection.checks.get()
      const output = await this.#begin(this.#checks)
      if (connection.descriptor.output !== 'stream') {
        const value = this.#check(this.#checks, output)
        this.#end()
        return { done: true, value }
      }
      this.#output = openOutput(connection.tag, output)
      if (scope.stopped !== undefined) this.#close()
    }
    const result = await this.#take()
    if (result.done !== true) return { done: false, value: this.#check(this.#checks, result.value, this.#index++) }
    this.#end()
    return DONE
  }

  #begin(checks: ConnectionChecks): unknown {
    const { handler, context, scope, interception } = this.#run
    const input = this.#readInput(checks)
    if (scope.stopped !== undefined) throw scope.signal.reason
    const start = (taken: unknown): unknown => {
      scope.maybeExecuted = true
      return handler(taken, context)
    }
    if (interception === undefined) return runWithin(scope, true, start, input, undefined)
    const intercept = (): unknown => interceptIncoming(interception, this.#run, checks, input, start)
    return runWithin(scope, true, intercept, undefined, undefined)
  }

  #readInput(checks: ConnectionChecks): unknown {
    const { connection, input, items, form } = this.#run
    const { tag } = connection
    if (items === undefined) {
      return form === 'wire' ? decodePart(tag, 'input', checks, input) : checkPart(tag, 'input', checks, input)
    }
    const read = (item: unknown, index: number): unknown =>
      form === 'wire' ? decodePart(tag, 'input', checks, item, index) : item
    this.#input = new HandlerInput({ items, read })
    return this.#input.iterate()
  }

  #check(checks: ConnectionChecks, value: unknown, index?: number): unknown {
    const { connection, form } = this.#run
    const { tag } = connection
    // What a handler answers where nothing is declared stays here.
    if (checks.output === null) return form === 'wire' ? 'null' : undefined
    if (form === 'application') return checkPart(tag, 'output', checks, value, index)
    return writeOutput(tag, encodePart(tag, 'output', checks, value, index), index)
  }

  async #take(): Promise<IteratorResult<unknown, unknown>> {
    const output = this.#output
    let isOpen = false
    try {
      const result = output && (await runWithin(this.#run.scope, true, takeNext, output, undefined))
      isOpen = result !== undefined && result.done !== true
      return result ?? DONE
    } finally {
      // What has ended, or has thrown, is not closed a second time.
      if (!isOpen) this.#output = undefined
    }
  }

  #stop(error: Error): void {
    const { items, scope } = this.#run
    this.#reject?.(error)
    this.#close()
    if (this.#input === undefined) items?.cancel()
    // The very reason of the signal, so that a handler that lets it through is not taken for one that fails.
    else this.#input.stop(scope.signal.reason as Error)
  }

  #end(): void {
    this.#close()
    this.#run.items?.cancel()
  }

  #close(): void {
    if (this.#output !== undefined) closeIterator(this.#output, (error) => this.#logLate(error))
    this.#output = undefined
  }

  #logLate(error: unknown): void {
    const { connection, scope, logger } = this.#run
    // A handler that gives up with its signal's reason did what it should.
    if (error === scope.signal.reason) return
    logger.warn('a handler failed after its call had ended', { errorId: scope.errorId, tag: connection.tag, error })
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

function openOutput(tag: string, output: unknown): AnyIterator {
  const iterator = openIterator(output)
  if (iterator !== undefined) return iterator
  const problem = `its handler answered ${printValue(output)}, expected an async iterable: write it as async *name() { }`
  throw refuse('internal', `output of ${tag} is refused: ${problem}`, { maybeExecuted: true })
}
