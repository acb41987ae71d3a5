// As ajv writes it, followed by `.call(<object>, "<name>")` wherever it has just seen that the property is not undefined.
const HAS_OWN = /^const (func\d+) = Object\.prototype\.hasOwnProperty;$/m

/**
 * Lets checks see without `hasOwnProperty`, which took nine tenths of their time, that a property is an object's own: whatever is not
 * undefined in a plain object is, unless `Object.prototype` has it too. All other objects, and names as `toString` or those of a polluted
 * `Object.prototype`, are asked as before. V8 knows the prototype of an object by its hidden class, which it has just looked at.
 */
export function easeOwnChecks(code: string): string {
  const [declaration, name] = HAS_OWN.exec(code) ?? []
  if (declaration === undefined || name === undefined) return code
  // What looks like such a call inside a literal is a text of the schema's, and passed over with its literal.
  const literalOrCall = new RegExp(
    `"(?:[^"\\\\\\n]|\\\\.)*"|${name}\\.call\\((\\w+), ("(?:[^"\\\\\\n]|\\\\.)*")\\)`,
    'g',
  )
  return code
    .replace(literalOrCall, (found: string, object: string | undefined, property: string) => {
      if (object === undefined) return found
      return `((proto0[${property}] === undefined && protoOf0(${object}) === proto0) || ${found})`
    })
    .replace(declaration, `${declaration}\nconst proto0 = Object.prototype;\nconst protoOf0 = Object.getPrototypeOf;`)
}
