/** A value has no form that travels, or what travelled has no value. */
export class CodecError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'CodecError' })
  }

  /** JSON pointer (RFC 6901). */
  readonly pointer: string
  readonly problem: string

  constructor(pointer: string, problem: string, cause?: unknown) {
    super(`${pointer === '' ? 'it' : pointer} ${problem}`, cause === undefined ? undefined : { cause })
    this.pointer = pointer
    this.problem = problem
  }
}
