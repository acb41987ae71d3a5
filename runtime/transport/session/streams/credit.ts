/** How much more the sender of items may send: so many items, and so many bytes of their lines. */
export interface Credit {
  readonly items: number
  readonly bytes: number
}

/**
 * What a reader allows at first, and again in parts, as soon as half of it is read: at most this much waits to be read, and one
 * item more, whose bytes may go past the rest. 32 small items make up for the time that credit takes to arrive; of large ones 256
 * KiB do.
 */
export const WINDOW: Credit = Object.freeze({ items: 32, bytes: 256 * 1024 })

/** More than this at once is a mistake of whoever allows it: no reader has room for so much. */
export const MAX_CREDIT: Credit = Object.freeze({ items: 2 ** 20, bytes: 2 ** 32 })
