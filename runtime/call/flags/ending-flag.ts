import type { FlagDescriptor } from '../../api/flag.js'

/** A flag that a call of this peer's ended with. Thrown inside netgen alone, on the way to what the flag means here. */
export class EndingFlag {
  readonly tag: string
  readonly data: unknown
  /** There where the data are as the application has them; else they came from elsewhere, as JSON holds them. */
  readonly descriptor: FlagDescriptor | undefined

  constructor(tag: string, data: unknown, descriptor?: FlagDescriptor) {
    this.tag = tag
    this.data = data
    this.descriptor = descriptor
  }
}
