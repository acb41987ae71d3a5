import type { Answer, InterceptedCall, Interceptor, Next, NextChanges } from '../api/interceptor.js'
import { isError } from '../errors/is-error.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import type { CallScope } from './call-scope.js'

/** A call that can be given another input. */
export type Changeable<Call extends InterceptedCall> = Call & { withInput(input: unknown): Changeable<Call> }

/** What the interceptors stand around. */
export type InnerRun<Call> = (call: Call) => Promise<unknown>

/**
 * Runs a call through interceptors, the first of them outermost, and through `run` in their midst.
 *
 * Rejects with what they throw, with what `run` throws where they let it through, with the scope's reason when it is stopped, and
 * with `internal` where one of them breaks its contract: calls `next` twice or too late, throws what is no error, or ends without
 * an answer. Where they answer before `run` does, the scope is stopped.
 */
export async function runInterceptors<Call extends InterceptedCall>(
  interceptors: readonly Interceptor<Call>[],
  call: Changeable<Call>,
  scope: CallScope,
  run: InnerRun<Call>,
): Promise<unknown> {
  let isRunning = false
  const track = async (inner: Call): Promise<unknown> => {
    isRunning = true
    try {
      return await run(inner)
    } finally {
      isRunning = false
    }
  }
  try {
    return await scope.raceSignal(enter(interceptors, 0, call, scope, track))
  } finally {
    if (isRunning) scope.stop({ code: 'canceled', message: `${call.tag} was answered by an interceptor` })
  }
}

async function enter<Call extends InterceptedCall>(
  interceptors: readonly Interceptor<Call>[],
  index: number,
  call: Changeable<Call>,
  scope: CallScope,
  run: InnerRun<Call>,
): Promise<unknown> {
  const interceptor = interceptors[index]
  if (interceptor === undefined) return run(call)
  const layer = new Layer(nameInterceptor(interceptor, index), call, scope, (inner) =>
    enter(interceptors, index + 1, inner, scope, run),
  )
  try {
    return layer.checkAnswer(await interceptor(call, layer.next))
  } catch (thrown) {
    throw layer.checkThrown(thrown)
  } finally {
    layer.end()
  }
}

/** What became of the call inside an interceptor. */
type Inner =
  | { readonly state: 'idle' | 'running' | 'over' }
  | { readonly state: 'answered'; readonly answer: unknown }
  | { readonly state: 'failed'; readonly thrown: unknown }

/** One interceptor's run, held to its contract. */
class Layer<Call extends InterceptedCall> {
  readonly #name: string
  readonly #call: Changeable<Call>
  readonly #scope: CallScope
  readonly #run: (call: Changeable<Call>) => Promise<unknown>
  #inner: Inner = { state: 'idle' }

  constructor(
    name: string,
    call: Changeable<Call>,
    scope: CallScope,
    run: (call: Changeable<Call>) => Promise<unknown>,
  ) {
    this.#name = name
    this.#call = call
    this.#scope = scope
    this.#run = run
  }

  /** Throws at once where it may not be called: a rejection that nobody waits for would be lost. */
  readonly next: Next = (changes) => {
    if (this.#inner.state === 'over') throw this.#misuse('called next() after it had ended: wait for what next() gives')
    if (this.#inner.state !== 'idle') throw this.#misuse('called next() twice: a call runs once')
    const call = changes === undefined ? this.#call : this.#call.withInput(this.#readInput(changes))
    this.#inner = { state: 'running' }
    const running = this.#run(call)
    // Whoever forgets to wait for it hears of it below, and not by a rejection that ends the process.
    running.then(
      (answer) => this.#settle({ state: 'answered', answer }),
      (thrown: unknown) => this.#settle({ state: 'failed', thrown }),
    )
    return running as Promise<Answer>
  }

  /** The answer, where it is one. */
  checkAnswer(answer: unknown): unknown {
    const inner = this.#inner
    if (answer !== undefined || (inner.state === 'answered' && inner.answer === undefined)) return answer
    switch (inner.state) {
      case 'running':
        throw this.#misuse('ended before next() did: return what next() gives')
      case 'answered':
        throw this.#misuse('answered undefined in place of what next() gave: return it')
      case 'failed':
        throw this.#misuse('caught what next() threw and answered undefined: throw it again, or answer', inner.thrown)
      default:
        throw this.#misuse('neither called next() nor answered: call next(), or throw to refuse the call')
    }
  }

  /** What is thrown in its place: an error, or what came from inside as it is. */
  checkThrown(thrown: unknown): unknown {
    if (isError(thrown) || (this.#inner.state === 'failed' && this.#inner.thrown === thrown)) return thrown
    return this.#misuse(`threw ${printValue(thrown)}, which is no Error: throw one`)
  }

  end(): void {
    this.#inner = { state: 'over' }
  }

  #settle(inner: Inner): void {
    if (this.#inner.state === 'running') this.#inner = inner
  }

  #readInput(changes: unknown): unknown {
    if (typeof changes === 'object' && changes !== null && 'input' in changes) return (changes as NextChanges).input
    throw this.#misuse(`gave next() ${printValue(changes)}, expected nothing or { input }`)
  }

  #misuse(problem: string, cause?: unknown): Error {
    const message = `interceptor ${this.#name} of ${this.#call.tag} ${problem}`
    const { maybeExecuted } = this.#scope
    return refuse('internal', message, cause === undefined ? { maybeExecuted } : { maybeExecuted, cause })
  }
}

/** By its function's name; by its place in the list, from 1, where it has none. */
function nameInterceptor(interceptor: Interceptor<never>, index: number): string {
  return interceptor.name === '' ? String(index + 1) : printValue(interceptor.name)
}
