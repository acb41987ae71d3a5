/** What happened to an order. */
export interface News {
  readonly seq: number
  readonly id: string
  readonly status: string
  readonly total: number
  readonly at: number
  readonly by: string
  readonly lines?: { readonly sku: string; readonly quantity: number; readonly price: number }[]
}

/** Around 100 bytes of JSON, and around 1 KB. */
export type Size = 'small' | 'large'

const LINES = Array.from({ length: 18 }, (_, index) => ({ sku: `sku-${10_000 + index}`, quantity: 3, price: 19.5 }))

/** Makes the event with a number. */
export function createNews(seq: number, size: Size): News {
  const id = `order_${100_000 + seq}`
  const news = { seq, id, status: 'shipped', total: 129.5, at: 1_767_351_133_141, by: 'worker-7' }
  return size === 'small' ? news : { ...news, lines: LINES }
}

/** The bytes of one event as JSON. */
export function countBytes(size: Size): number {
  return Buffer.byteLength(JSON.stringify(createNews(12_345, size)))
}
