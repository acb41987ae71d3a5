import type { FlagDescriptor, FlaggedCall, FlagHandler } from '../../api/flag.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { FlagError } from '../../errors/flag-error.js'
import { isInstance } from '../../errors/is-error.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { checkPart, decodePart } from '../../validation/check-value.js'
import type { ConnectedConnection } from '../connected-connection.js'
import type { CallScope } from '../scope/call-scope.js'
import { EndingFlag } from './ending-flag.js'
import { findFlagChecks } from './flag-checks.js'
import { checkFlag, RaisedFlag } from './raised-flag.js'
import { readUnserved } from './unserved.js'

/** A call of this peer's that ended with a flag. */
export interface EndedCall {
  readonly connection: ConnectedConnection
  readonly scope: CallScope
  /** Whose handler ended it. */
  readonly peer: RemotePeer
}

/** The flags that a peer knows, and what they mean to its calls. */
export class FlagHandlers {
  readonly #known = new Map<string, FlagDescriptor>()
  readonly #handlers = new Map<string, FlagHandler<unknown>>()
  /** What stands for a tag that is not served: with a handler of its own, such a failure is this flag. */
  readonly #unserved: FlagDescriptor

  constructor(unserved: FlagDescriptor) {
    this.#unserved = unserved
  }

  /** The flags of connected schemas, and those with handlers, by their tags. */
  get known(): ReadonlyMap<string, FlagDescriptor> {
    return this.#known
  }

  /** Takes note of the flags of a schema: their data are checked and decoded from now on. */
  learn(flags: readonly FlagDescriptor[]): void {
    for (const flag of flags) this.#known.set(flag.tag, flag)
  }

  /** Gives a flag its meaning, until what it answers is disposed of. Throws `already_exists` where it has one. */
  handle(flag: FlagDescriptor, handler: FlagHandler<never>): Disposable {
    checkFlag(flag)
    if (typeof handler !== 'function') {
      throw refuse(
        'invalid_argument',
        `handler of the flag ${printValue(flag.tag)} is ${printValue(handler)}, expected a function`,
      )
    }
    if (this.#handlers.has(flag.tag)) {
      throw refuse(
        'already_exists',
        `flag ${printValue(flag.tag)} has a handler already: dispose of what onFlag gave before giving another`,
      )
    }
    this.learn([flag])
    // Its data are checked against its own schema before it gets them.
    const kept = handler as FlagHandler<unknown>
    this.#handlers.set(flag.tag, kept)
    return {
      [Symbol.dispose]: () => {
        if (this.#handlers.get(flag.tag) === kept) this.#handlers.delete(flag.tag)
      },
    }
  }

  /** The flag that a call ended with, where what it threw is one. */
  find(thrown: unknown): EndingFlag | undefined {
    if (isInstance(thrown, EndingFlag)) return thrown
    if (isInstance(thrown, RaisedFlag)) return new EndingFlag(thrown.flag, thrown.data, thrown.descriptor)
    const unserved = this.#handlers.has(this.#unserved.tag) ? readUnserved(thrown) : undefined
    return unserved && new EndingFlag(this.#unserved.tag, unserved, this.#unserved)
  }

  /**
   * What the flag's handler answers, checked against the connection's output. Throws what it throws; `internal` where the data or
   * its answer are not what the schemas declare; and a {@link FlagError} where there is no handler.
   */
  async settle(flag: EndingFlag, { connection, scope, peer }: EndedCall): Promise<unknown> {
    const { tag } = flag
    const data = await this.#readData(flag)
    const handler = this.#handlers.get(tag)
    if (handler === undefined) {
      const message = `${connection.tag} ended with the flag ${printValue(tag)}: give peer.onFlag a handler for it, or catch FlagError`
      throw new FlagError(tag, data, message)
    }
    const flagged: FlaggedCall = Object.freeze({ tag: connection.tag, peer })
    const answer = await scope.race(Promise.resolve().then(() => handler(data, flagged)))
    return checkAnswer(connection, tag, answer)
  }

  async #readData({ tag, data, descriptor }: EndingFlag): Promise<unknown> {
    const flag = descriptor ?? this.#known.get(tag)
    if (flag === undefined) return data
    const checks = await findFlagChecks(flag).get()
    if (checks.data === null) return undefined
    return descriptor === undefined ? decodePart(tag, 'data', checks, data) : checkPart(tag, 'data', checks, data)
  }
}

async function checkAnswer(
  { tag, descriptor, checks }: ConnectedConnection,
  flag: string,
  answer: unknown,
): Promise<unknown> {
  if (descriptor.output === 'none') return undefined
  const by = `${tag}, as the handler of the flag ${printValue(flag)} answered it,`
  if (descriptor.output === 'value') return checkPart(by, 'output', await checks.get(), answer)
  if (answer === undefined) return undefined
  const problem = `it is ${printValue(answer)}, expected nothing, which ends the stream, or a throw`
  throw refuse('internal', `output of ${by} is refused: ${problem}`, { maybeExecuted: true })
}
