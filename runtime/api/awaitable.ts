/** What a handler answers with: the value itself, or a promise of it. */
export type Awaitable<Value> = Value | Promise<Value>
