import { CodecError } from '../codec/codec-error.js'
import type { CodecPlan } from '../codec/codec-plan.js'
import { decodeValue } from '../codec/decode-value.js'
import { encodeValue } from '../codec/encode-value.js'
import type { DeclaredError, DeclaredErrorClass, DeclaredErrorOptions } from '../errors/declared-error.js'
import type { ConnectionChecks } from '../validation/validate.js'
import type { DeclaredErrors } from '../wire/revive-error.js'

/** The declared errors of a connection whose checks are loaded. Names are looked up by own keys only. */
export class ConnectionErrors implements DeclaredErrors {
  readonly #classes: ReadonlyMap<string, DeclaredErrorClass>
  readonly #checks: ConnectionChecks

  constructor(classes: readonly DeclaredErrorClass[], checks: ConnectionChecks) {
    this.#classes = new Map(classes.map((type) => [type.errorName, type]))
    this.#checks = checks
  }

  encodeData(errorName: string, data: unknown): unknown {
    const plan = this.#findPlan(errorName)
    return plan === undefined ? data : encodeValue(plan, data)
  }

  create(errorName: string, data: unknown, options: DeclaredErrorOptions): DeclaredError | undefined {
    const type = this.#classes.get(errorName)
    const { errors } = this.#checks
    if (type === undefined || !Object.hasOwn(errors, errorName) || errors[errorName]?.(data) !== true) return undefined
    try {
      const plan = this.#findPlan(errorName)
      return new type((plan === undefined ? data : decodeValue(plan, data)) as never, options)
    } catch (error) {
      if (error instanceof CodecError) return undefined
      throw error
    }
  }

  #findPlan(errorName: string): CodecPlan | undefined {
    const plans = this.#checks.codecs?.errors
    return plans !== undefined && Object.hasOwn(plans, errorName) ? plans[errorName] : undefined
  }
}
