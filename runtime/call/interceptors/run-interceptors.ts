import type { Answer, InterceptedCall, Interceptor, NextChanges } from '../../api/interceptor.js'
import { isError } from '../../errors/is-error.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import type { CallScope } from '../scope/call-scope.js'

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
  const chain = new Chain(interceptors, scope, run)
  try {
    return await scope.raceAround(chain.enter(0, call))
  } finally {
    if (chain.running > 0) scope.stop({ code: 'canceled', message: `${call.tag} was answered by an interceptor` })
  }
}

/** The interceptors of one call, and what they stand around. */
class Chain<Call extends InterceptedCall> {
  readonly scope: CallScope
  /** How many of them have a `next` that has not ended. */
  running = 0
  readonly #interceptors: readonly Interceptor<Call>[]
  readonly #run: InnerRun<Call>

  constructor(interceptors: readonly Interceptor<Call>[], scope: CallScope, run: InnerRun<Call>) {
    this.#interceptors = interceptors
    this.scope = scope
    this.#run = run
  }

  enter(index: number, call: Changeable<Call>): Promise<unknown> {
    const interceptor = this.#interceptors[index]
    return interceptor === undefined ? this.#run(call) : runLayer(new Layer(this, index, interceptor, call))
  }
}

async function runLayer<Call extends InterceptedCall>(layer: Layer<Call>): Promise<unknown> {
  try {
    return layer.checkAnswer(await layer.run())
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

const IDLE: Inner = { state: 'idle' }
const RUNNING: Inner = { state: 'running' }
const OVER: Inner = { state: 'over' }

/** One interceptor's run, held to its contract. */
class Layer<Call extends InterceptedCall> {
  readonly #chain: Chain<Call>
  readonly #index: number
  readonly #interceptor: Interceptor<Call>
  readonly #call: Changeable<Call>
  #inner: Inner = IDLE

  constructor(chain: Chain<Call>, index: number, interceptor: Interceptor<Call>, call: Changeable<Call>) {
    this.#chain = chain
    this.#index = index
    this.#interceptor = interceptor
    this.#call = call
  }

  run(): unknown {
    const interceptor = this.#interceptor
    return interceptor(this.#call, (changes) => this.#next(changes))
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
    this.#inner = OVER
  }

  /** Throws at once where it may not be called: a rejection that nobody waits for would be lost. */
  #next(changes: NextChanges | undefined): Promise<Answer> {
    if (this.#inner === OVER) throw this.#misuse('called next() after it had ended: wait for what next() gives')
    if (this.#inner !== IDLE) throw this.#misuse('called next() twice: a call runs once')
    const call = changes === undefined ? this.#call : this.#call.withInput(this.#readInput(changes))
    this.#inner = RUNNING
    this.#chain.running++
    const running = this.#chain.enter(this.#index + 1, call)
    // Whoever forgets to wait for it hears of it by `checkAnswer`, and not by a rejection that ends the process.
    running.then(
      (answer) => this.#settle({ state: 'answered', answer }),
      (thrown: unknown) => this.#settle({ state: 'failed', thrown }),
    )
    return running as Promise<Answer>
  }

  #settle(inner: Inner): void {
    this.#chain.running--
    if (this.#inner === RUNNING) this.#inner = inner
  }

  #readInput(changes: unknown): unknown {
    if (typeof changes === 'object' && changes !== null && 'input' in changes) return (changes as NextChanges).input
    throw this.#misuse(`gave next() ${printValue(changes)}, expected nothing or { input }`)
  }

  #misuse(problem: string, cause?: unknown): Error {
    const message = `interceptor ${nameInterceptor(this.#interceptor, this.#index)} of ${this.#call.tag} ${problem}`
    const { maybeExecuted } = this.#chain.scope
    return refuse('internal', message, cause === undefined ? { maybeExecuted } : { maybeExecuted, cause })
  }
}

/** By its function's name; by its place in the list, from 1, where it has none. */
function nameInterceptor(interceptor: Interceptor<never>, index: number): string {
  return interceptor.name === '' ? String(index + 1) : printValue(interceptor.name)
}
