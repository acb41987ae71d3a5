/** Classes that exist already: a generated class of the same name would be taken for them. */
const TAKEN_CLASSES: ReadonlySet<string> = new Set([
  'AggregateError',
  'DeclaredError',
  'EvalError',
  'InternalError',
  'NetgenError',
  'RangeError',
  'ReferenceError',
  'SuppressedError',
  'SyntaxError',
  'TypeError',
  'URIError',
])

const PASCAL_CASE = /^[A-Z][A-Za-z0-9]*$/

/** What keeps a name from being that of a declared error, as the end of a sentence; undefined where nothing does. */
export function findErrorNameFault(name: string): string | undefined {
  if (!PASCAL_CASE.test(name)) return 'has a name that is not in PascalCase, of letters A to Z and digits'
  if (name.endsWith('Error')) return 'has a name that ends in Error, which the class would have twice'
  if (TAKEN_CLASSES.has(nameErrorClass(name)))
    return `would become the class ${nameErrorClass(name)}, which exists already`
  return undefined
}

/** The class that a declared error becomes: `DiskFullError`. */
export function nameErrorClass(name: string): string {
  return `${name}Error`
}
