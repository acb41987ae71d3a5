import type { DisclosureRule, DisclosureSubject, ErrorCaller, LeavingError, MapError } from '../api/error-options.js'
import type { Logger } from '../api/logger.js'
import { type Disclosure, isDisclosure } from '../errors/disclosure.js'
import { createHidePlaces, type HidePlaces } from '../errors/hide-places.js'
import { refuse } from '../errors/refuse.js'
import { digestRoot } from '../traceback/root.js'

/** What a peer's errors may tell. */
export interface ErrorPolicyOptions {
  /** Callers of this group are told everything by default, others nothing. */
  readonly group: string
  /** The folder that paths are shown relative to. */
  readonly root: string
  /** Read whenever an error leaves. Default: nothing. */
  readonly tuning?: { readonly disclosure?: DisclosureRule | undefined; readonly mapError?: MapError | undefined }
  readonly logger: Logger
}

/** An error as it may leave. */
export interface AllowedError {
  readonly error: unknown
  readonly disclosure: Disclosure
}

/** Decides what leaves this peer of the errors that calls end with. Its users' functions cannot make it fail. */
export class ErrorPolicy {
  readonly hidePlaces: HidePlaces
  /** The digest of the folder that paths are shown relative to. */
  readonly root: string
  readonly #options: ErrorPolicyOptions

  constructor(options: ErrorPolicyOptions) {
    this.#options = options
    this.hidePlaces = createHidePlaces(options.root)
    this.root = digestRoot(options.root)
  }

  /** How much a caller is told. */
  disclose(caller: ErrorCaller, failed: DisclosureSubject): Disclosure {
    const { tuning, group, logger } = this.#options
    const disclosure = tuning?.disclosure
    if (disclosure === undefined) return caller?.group === group ? 'stack' : 'none'
    if (typeof disclosure !== 'function') return disclosure
    try {
      const level: unknown = disclosure(caller, failed)
      if (isDisclosure(level)) return level
      throw refuse('invalid_argument', 'option disclosure of createPeer has to answer "stack", "message" or "none"')
    } catch (error) {
      logger.error('the option disclosure failed: the caller is told nothing', { error })
      return 'none'
    }
  }

  /** What leaves in the place of what was thrown. `isDeclared` says it of any error. */
  map(thrown: unknown, leaving: LeavingError, isDeclared: (error: unknown) => boolean): AllowedError {
    const { tuning, logger } = this.#options
    const mapError = tuning?.mapError
    const { disclosure, caller, tag } = leaving
    if (mapError === undefined) return { error: thrown, disclosure }
    try {
      const error = mapError(thrown, leaving)
      if (error === thrown) return { error, disclosure }
      return { error, disclosure: this.disclose(caller, { tag, error, isDeclared: isDeclared(error) }) }
    } catch (error) {
      logger.error('the option mapError failed: the caller is told nothing', { errorId: leaving.errorId, error })
      return { error: thrown, disclosure: 'none' }
    }
  }
}
