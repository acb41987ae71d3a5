/** The classes of JavaScript that an error is rethrown as: an allow-list, looked up by own keys only. */
const BUILTIN_ERRORS: ReadonlyMap<string, new (message: string) => Error> = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [type.name, type]),
)

/** The name of an error's class where that is one of JavaScript's own, and not a subclass of it. Never throws. */
export function nameBuiltin(error: Error): string | undefined {
  const prototype = readPrototype(error)
  if (prototype === AggregateError.prototype) return 'AggregateError'
  for (const [name, type] of BUILTIN_ERRORS) if (prototype === type.prototype) return name
  return undefined
}

function readPrototype(error: Error): unknown {
  try {
    return Object.getPrototypeOf(error)
  } catch {
    // A proxy's trap.
    return undefined
  }
}

/** A new error of the built-in class with this name, or undefined where the name is not on the list. */
export function createBuiltin(name: string, message: string, errors: readonly Error[]): Error | undefined {
  if (name === 'AggregateError') return new AggregateError(errors, message)
  const type = BUILTIN_ERRORS.get(name)
  return type === undefined ? undefined : new type(message)
}
